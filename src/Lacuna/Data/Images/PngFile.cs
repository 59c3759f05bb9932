using Lacuna.Data.Images.Native;

namespace Lacuna.Data.Images;

/// <summary>Writes PNG files.</summary>
public static unsafe class PngFile
{
    /// <summary>Encodes an image.</summary>
    /// <param name="pixels">[H, W, C], C 1 (greyscale) or 3 (RGB).</param>
    /// <exception cref="ImageLibraryException">libpng is not on this machine.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (1 or 3)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "A PNG file is written with 1 or 3 channels.");
        if (pixels.Length != (long)height * width * channels) throw new ArgumentException($"{height}x{width}x{channels} pixels do not take {pixels.Length} bytes.", nameof(pixels));
        var image = Png.New();
        (image.Width, image.Height, image.Format) = ((uint)width, (uint)height, channels == 1 ? Png.Gray : Png.Rgb);
        // Incompressible rows grow by a filter byte and zlib's and the chunks' frames, all far under a hundredth.
        var bytes = new byte[checked((int)((pixels.Length + (long)height) * 101 / 100 + 4096))];
        var size = (nuint)bytes.Length;
        int done;
        fixed (byte* from = pixels, to = bytes) done = Png.png_image_write_to_memory(&image, to, &size, 0, from, width * channels, null);
        return done != 0 ? bytes[..(int)size] : throw new InvalidOperationException($"libpng could not write {height}x{width} pixels: {image.Error}.");
    }

    /// <summary>Encodes an image into a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixels">[H, W, C], C 1 (greyscale) or 3 (RGB).</param>
    public static void Write(string path, ReadOnlySpan<byte> pixels, int height, int width, int channels)
    {
        var bytes = Encode(pixels, height, width, channels);
        AtomicFile.Write(path, file => file.Write(bytes));
    }
}
