namespace Lacuna.Data.Images;

/// <summary>A decoder's pixels: [Height, Width, 4] bytes, red, green, blue and one without meaning.</summary>
internal readonly unsafe struct DecodedImage(byte* pixels, int width, int height)
{
    public byte* Pixels { get; } = pixels;

    public int Width { get; } = width;

    public int Height { get; } = height;
}
