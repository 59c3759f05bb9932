namespace Lacuna.Kernels;

/// <summary>Sizes of a set of byte images and the order of the batches made from it.</summary>
/// <param name="Images">M, images in the set.</param>
/// <param name="Channels">C.</param>
/// <param name="Height">H, in pixels.</param>
/// <param name="Width">W, in pixels.</param>
/// <param name="ChannelsLast">Whether batches are [B, H, W, C] instead of [B, C, H, W]; the set is [M, C, H, W] either way.</param>
public readonly record struct ImageShape(long Images, int Channels, int Height, int Width, bool ChannelsLast = false)
{
    /// <summary>Numbers of one image at most: kernels count them in 32 bits.</summary>
    public const int MaxElements = 1 << 30;

    /// <summary>D = C H W, numbers of one image.</summary>
    public int Elements => Channels * Height * Width;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Images);
        ArgumentOutOfRangeException.ThrowIfNegative(Channels);
        ArgumentOutOfRangeException.ThrowIfNegative(Height);
        ArgumentOutOfRangeException.ThrowIfNegative(Width);
        if ((Int128)Channels * Height * Width > MaxElements)
            throw new ArgumentException($"An image of {Channels} x {Height} x {Width} is larger than {MaxElements} numbers.");
    }
}
