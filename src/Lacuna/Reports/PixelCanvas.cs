using Lacuna.Data.Images;

namespace Lacuna.Reports;

/// <summary>A white picture on which pixels and letters are put.</summary>
internal sealed class PixelCanvas
{
    private readonly byte[] _pixels;

    public PixelCanvas(int height, int width)
    {
        (Height, Width) = (height, width);
        _pixels = new byte[checked(height * width * 3)];
        Array.Fill(_pixels, byte.MaxValue);
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>[H, W, 3].</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Width of a text in pixels, without the gap behind its last letter.</summary>
    public static int WidthOf(string text, int scale) => Math.Max(0, text.Length * PixelFont.Advance - 1) * scale;

    /// <summary>Colours one pixel.</summary>
    public void Set(int y, int x, Rgb colour) => colour.CopyTo(_pixels.AsSpan((y * Width + x) * 3, 3));

    /// <summary>Colours a rectangle.</summary>
    public void Fill(int top, int left, int height, int width, Rgb colour)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++) Set(y, x, colour);
        }
    }

    /// <summary>Copies a picture [H, W, 3] to a place.</summary>
    public void Place(ReadOnlySpan<byte> picture, int height, int width, int top, int left)
    {
        for (var y = 0; y < height; y++) picture.Slice(y * width * 3, width * 3).CopyTo(_pixels.AsSpan(((top + y) * Width + left) * 3));
    }

    /// <summary>Writes a line of text, every pixel of a letter enlarged to scale x scale.</summary>
    public void Write(string text, int top, int left, int scale, Rgb colour)
    {
        for (var i = 0; i < text.Length; i++)
        {
            for (var y = 0; y < PixelFont.Height * scale; y++)
            {
                for (var x = 0; x < PixelFont.Width * scale; x++)
                {
                    if (PixelFont.Has(text[i], y / scale, x / scale)) Set(top + y, left + i * PixelFont.Advance * scale + x, colour);
                }
            }
        }
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    public void Save(string path) => PngFile.Write(path, _pixels, Height, Width, 3);
}
