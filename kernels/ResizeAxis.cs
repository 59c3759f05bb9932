namespace Lacuna.Kernels;

/// <summary>
/// Antialiased linear interpolation from n pixels to m, along one axis, in whole numbers. Pixel i of the result is a mean of the source's with the weights
/// <code>w_i[s] = max(0, 2 p - |m (2 s + 1) - n (2 i + 1)|), p = max(n, m), 0 &lt;= s &lt; n</code>
/// that is, a triangle around i's centre, of one source pixel to each side where the image grows and of n / m where it shrinks; what it has outside the image is left out. This is
/// Pillow's BILINEAR and PyTorch's bilinear with antialias = True, whose weights are these over their sum, rounded. As whole numbers they need no rounding and are the same on every
/// processor. Usable in kernels.
/// </summary>
internal readonly struct ResizeAxis(int from, int to)
{
    /// <summary>So that the products of <see cref="Weight"/> stay in 32 bits.</summary>
    internal const int MaxSide = (1 << 15) - 1;

    // So that two axes' weights and a byte stay in the 53 bits that a double holds exactly.
    private const long MaxTotal = 1 << 22;

    private readonly int from = from, to = to, peak = 2 * (from > to ? from : to);

    /// <summary>Pixels with a weight at most, for this and any smaller n.</summary>
    internal int MaxTaps => peak / to + 1;

    /// <summary>The first pixel with a weight.</summary>
    internal int First(int i)
    {
        int least = from * (2 * i + 1) - peak + 1 - to;
        return least <= 0 ? 0 : (least + 2 * to - 1) / (2 * to);
    }

    /// <summary>The last pixel with a weight.</summary>
    internal int Last(int i)
    {
        int last = (from * (2 * i + 1) + peak - 1 - to) / (2 * to);
        return last < from ? last : from - 1;
    }

    /// <summary>The weight of a pixel from the first to the last.</summary>
    internal int Weight(int i, int s)
    {
        int distance = to * (2 * s + 1) - from * (2 * i + 1);
        return peak - (distance < 0 ? -distance : distance);
    }

    /// <summary>Whether any crop of <paramref name="from"/> pixels and fewer becomes <paramref name="to"/> without leaving the numbers' range.</summary>
    internal static bool Fits(int from, int to) =>
        from <= MaxSide && to <= MaxSide && (to == 0 || (long)new ResizeAxis(from, to).peak * new ResizeAxis(from, to).MaxTaps <= MaxTotal);
}
