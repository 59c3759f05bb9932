namespace Lacuna.Evaluation.Corruptions;

/// <summary>The four pixels round a place between pixels, and their weights.</summary>
internal readonly struct BilinearTaps
{
    private readonly int _upper;
    private readonly int _lower;
    private readonly int _left;
    private readonly int _right;
    private readonly double _down;
    private readonly double _across;

    /// <param name="y">Row; whole numbers are the pixels' centres. Any finite number.</param>
    /// <param name="x">Column.</param>
    public BilinearTaps(int height, int width, double y, double x, Border border)
    {
        var (top, left) = (Math.Floor(y), Math.Floor(x));
        (_down, _across) = (y - top, x - left);
        (_upper, _lower) = (Index(top, height, border) * width, Index(top + 1, height, border) * width);
        (_left, _right) = (Index(left, width, border), Index(left + 1, width, border));
    }

    /// <summary>The value there of a plane [H, W].</summary>
    public double Of(ReadOnlySpan<float> plane)
    {
        var upper = plane[_upper + _left] * (1 - _across) + plane[_upper + _right] * _across;
        var lower = plane[_lower + _left] * (1 - _across) + plane[_lower + _right] * _across;
        return upper * (1 - _down) + lower * _down;
    }

    /// <summary>The pixel that stands at a whole number, however far outside. In double, because a nearly flat triangle of an affine warp sends pixels beyond an int.</summary>
    internal static int Index(double at, int length, Border border)
    {
        if (at >= 0 && at < length) return (int)at;
        if (length == 1) return 0;
        var period = border == Border.Reflect ? 2.0 * length : 2.0 * length - 2;
        var inside = at - period * Math.Floor(at / period);
        var folded = inside < length ? inside : period - inside - (border == Border.Reflect ? 1 : 0);
        return (int)Math.Clamp(folded, 0, length - 1);
    }
}
