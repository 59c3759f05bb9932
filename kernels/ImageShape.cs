namespace Lacuna.Kernels;

/// <summary>Sizes of a set of byte images and of the batches made from it. Images may be stored larger than batches have them.</summary>
/// <param name="Images">M, images in the set.</param>
/// <param name="Channels">C.</param>
/// <param name="Height">H, in pixels, of a batch's images.</param>
/// <param name="Width">W, in pixels, of a batch's images.</param>
/// <param name="ChannelsLast">Whether batches are [B, H, W, C] instead of [B, C, H, W]; the set is [M, C, H', W'] either way.</param>
public readonly record struct ImageShape(long Images, int Channels, int Height, int Width, bool ChannelsLast = false)
{
    /// <summary>Numbers of one image at most: kernels count them in 32 bits.</summary>
    public const int MaxElements = 1 << 30;

    /// <summary>H', in pixels; H unless given.</summary>
    public int StoredHeight { get; init; } = Height;

    /// <summary>W', in pixels; W unless given.</summary>
    public int StoredWidth { get; init; } = Width;

    /// <summary>D = C H W, numbers of one image of a batch.</summary>
    public int Elements => Channels * Height * Width;

    /// <summary>D' = C H' W', bytes of one stored image.</summary>
    public int StoredElements => Channels * StoredHeight * StoredWidth;

    /// <summary>
    /// Where the middle <paramref name="given"/> of <paramref name="stored"/> lines or columns begins. Where they do not part evenly, half a pixel is rounded to an even place, as torchvision's
    /// center_crop does. Usable in kernels.
    /// </summary>
    public static int Middle(int stored, int given)
    {
        int spare = stored - given, half = spare / 2;
        return half + (spare & half & 1);
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Images);
        ArgumentOutOfRangeException.ThrowIfNegative(Channels);
        ArgumentOutOfRangeException.ThrowIfNegative(Height);
        ArgumentOutOfRangeException.ThrowIfNegative(Width);
        if (StoredHeight < Height || StoredWidth < Width)
            throw new ArgumentException($"Images of {Height} x {Width} cannot be cut out of stored ones of {StoredHeight} x {StoredWidth}.");
        if ((Int128)Channels * StoredHeight * StoredWidth > MaxElements)
            throw new ArgumentException($"An image of {Channels} x {StoredHeight} x {StoredWidth} is larger than {MaxElements} numbers.");
    }
}
