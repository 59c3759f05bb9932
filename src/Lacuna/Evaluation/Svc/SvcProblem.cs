namespace Lacuna.Evaluation;

/// <summary>
/// The training set in libsvm's order: the class of label 0 (sign +1) first, then the class of label 1 (sign -1),
/// each in the order given. A point is named by its index in that order.
/// </summary>
internal sealed class SvcProblem
{
    private readonly double[] squares;

    public SvcProblem(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, RbfSvcOptions options)
    {
        (C, Gamma, Tolerance) = (options.C, options.Gamma, options.Tolerance);
        FirstCount = negatives.Length;
        X = [.. negatives, .. positives];
        squares = Array.ConvertAll(X, x => x * x);

        SortedIds = new int[X.Length];
        for (int id = 0; id < SortedIds.Length; id++) { SortedIds[id] = id; }
        Array.Sort((double[])X.Clone(), SortedIds);

        double range = X[SortedIds[^1]] - X[SortedIds[0]];
        BlockWidth = GaussianExpansion.NarrowBlock(Gamma, range, X.Length);
        Expansion = new GaussianExpansion(Gamma, BlockWidth / 2, range);
        double magnitude = Math.Max(Math.Abs(X[SortedIds[0]]), Math.Abs(X[SortedIds[^1]]));
        ExponentError = 10 * Gamma * magnitude * magnitude * GaussianExpansion.UnitRoundoff;
        Rounding = new SingleRounding(Expansion.RelativeError + ExponentError);
    }

    public double C { get; }
    public double Gamma { get; }
    public double Tolerance { get; }
    public double[] X { get; }
    public int FirstCount { get; }
    public int Count => X.Length;

    /// <summary>Points by ascending feature.</summary>
    public int[] SortedIds { get; }

    /// <summary>Widest interval of the feature that one Taylor expansion of the kernel serves.</summary>
    public double BlockWidth { get; }
    public GaussianExpansion Expansion { get; }
    public SingleRounding Rounding { get; }

    /// <summary>Bound of the rounding error of <see cref="Kernel"/>'s exponent, which cancels squares of this magnitude.</summary>
    public double ExponentError { get; }

    public double Sign(int id) => id < FirstCount ? 1 : -1;

    /// <summary>
    /// The kernel as libsvm stores it: float32, from the float64 exponent -gamma (x_i^2 + x_k^2 - 2 x_i x_k). The
    /// parentheses fix the order of the roundings, which decide ties between points.
    /// </summary>
    public float Kernel(int i, int k) => (float)Math.Exp(-Gamma * (squares[i] + squares[k] - (2 * (X[i] * X[k]))));
}
