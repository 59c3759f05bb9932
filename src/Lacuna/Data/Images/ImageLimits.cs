namespace Lacuna.Data.Images;

/// <summary>The largest image that is decoded. A file of a few kilobytes can claim gigabytes of pixels.</summary>
/// <param name="MostSide">Pixels along either side.</param>
/// <param name="MostPixels">Pixels altogether.</param>
public sealed record ImageLimits(int MostSide, long MostPixels)
{
    /// <summary>Pixels: where Pillow begins to warn of a decompression bomb (1 GiB in three bytes each, over two).</summary>
    public static ImageLimits Default { get; } = new(16384, 178_956_970);

    internal void Check(long width, long height)
    {
        if (width < 1 || height < 1) throw new BadImageException($"its header declares {width}x{height} pixels");
        if (width > MostSide || height > MostSide || width * height > MostPixels)
            throw new BadImageException($"its header declares {width}x{height} pixels; at most {MostSide} a side and {MostPixels} altogether are decoded");
    }
}
