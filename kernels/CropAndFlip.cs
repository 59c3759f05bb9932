namespace Lacuna.Kernels;

/// <summary>
/// Random crop from a zero-padded image and horizontal flip. Where images are stored larger than they are given, what lies around their middle comes first and then the zeros. An image's draws depend on (seed, epoch, row in the set) alone; the default does neither.
/// </summary>
/// <param name="Padding">P, by how many pixels the crop moves from the middle at most, in every direction.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
/// <param name="Seed">Key of the generator.</param>
/// <param name="Epoch">The draws' step.</param>
public readonly record struct CropAndFlip(int Padding, bool Flip, ulong Seed, int Epoch)
{
    /// <summary>So that 2 P + 1 places are counted in 32 bits.</summary>
    public const int MaxPadding = 1 << 29;

    // What keeps these draws apart from the engine's others: its DrawPurpose.Augmentation, the counter's last word.
    private const uint Purpose = 4;

    /// <summary>Whether images stay as they are.</summary>
    public bool IsNone => Padding == 0 && !Flip;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Padding);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Padding, MaxPadding);
    }

    internal (int Top, int Left, int Mirror) Draw(long row) => Draw(Padding, Flip ? 1 : 0, (long)Seed, Epoch, row);

    /// <summary>
    /// How far the crop is moved down and right from the middle (-P, ..., P), and 1 if it is mirrored. Usable in kernels.
    /// Three draws of 64 bits each, lanes 0 to 2 of the row: two from the generator's first block, one from its second.
    /// </summary>
    internal static (int Top, int Left, int Mirror) Draw(int padding, int flip, long seed, int epoch, long row)
    {
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32), places = (uint)(2 * padding + 1);
        int top = 0, left = 0, mirror = 0;
        if (padding > 0)
        {
            var (x, y, z, w) = Philox.Block(0, (uint)row, (uint)epoch, Purpose, key0, key1);
            top = (int)Below(places, x, y) - padding;
            left = (int)Below(places, z, w) - padding;
        }
        if (flip != 0)
        {
            var (x, y, _, _) = Philox.Block(1, (uint)row, (uint)epoch, Purpose, key0, key1);
            mirror = (int)Below(2, x, y);
        }
        return (top, left, mirror);
    }

    // The upper word of n times 64 random bits. Kernels have no product of 128 bits, but n has only 32, and neither sum can overflow.
    private static uint Below(uint n, uint low, uint high) => (uint)(((ulong)high * n + ((ulong)low * n >> 32)) >> 32);
}
