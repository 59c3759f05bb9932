namespace Lacuna.Reports;

/// <summary>A picture inside a larger one.</summary>
/// <param name="Pixels">[H, W, 3].</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
internal sealed record Thumbnail(byte[] Pixels, int Height, int Width)
{
    // Images below this side are enlarged to it or a little more.
    private const int Side = 128;

    /// <summary>The whole factor by which an image is enlarged so that its pixels are seen.</summary>
    public static int FactorFor(int height, int width) => Math.Max(1, (Side + Math.Max(height, width) - 1) / Math.Max(height, width));

    /// <summary>An image [C, H, W] in [0,1], C 1 or 3, every pixel enlarged to a square; values outside are taken to the ends.</summary>
    public static Thumbnail Of(ReadOnlySpan<float> image, int channels, int height, int width)
    {
        if (channels is not (1 or 3)) throw new ArgumentException($"Images with {channels} channels are no pictures; 1 or 3 are.", nameof(channels));
        var factor = FactorFor(height, width);
        var (tall, wide, plane) = (height * factor, width * factor, height * width);
        var pixels = new byte[tall * wide * 3];
        for (var y = 0; y < tall; y++)
        {
            for (var x = 0; x < wide; x++)
            {
                for (var c = 0; c < 3; c++)
                    pixels[(y * wide + x) * 3 + c] = (byte)MathF.Round(255 * Math.Clamp(image[(channels == 1 ? 0 : c) * plane + y / factor * width + x / factor], 0, 1));
            }
        }
        return new(pixels, tall, wide);
    }
}
