using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>A training set of one feature, whose order along a line lets one Taylor expansion serve many points.</summary>
internal sealed class ScalarProblem : SvcProblem
{
    private readonly double[] squares;
    private readonly double magnitude;

    public ScalarProblem(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, RbfSvcOptions options)
        : base(positives.Length + negatives.Length, negatives.Length, options)
    {
        X = [.. negatives, .. positives];
        squares = Array.ConvertAll(X, x => x * x);

        SortedIds = new int[X.Length];
        for (int id = 0; id < SortedIds.Length; id++) { SortedIds[id] = id; }
        Array.Sort((double[])X.Clone(), SortedIds);

        double range = X[SortedIds[^1]] - X[SortedIds[0]];
        BlockWidth = GaussianExpansion.NarrowBlock(Gamma, range, X.Length);
        Expansion = new GaussianExpansion(Gamma, BlockWidth / 2, range);
        magnitude = Math.Max(Math.Abs(X[SortedIds[0]]), Math.Abs(X[SortedIds[^1]]));
        ExponentError = ExponentErrorAt(magnitude);
    }

    public double[] X { get; }

    /// <summary>Points by ascending feature.</summary>
    public int[] SortedIds { get; }

    /// <summary>Widest interval of the feature that one Taylor expansion of the kernel serves.</summary>
    public double BlockWidth { get; }
    public GaussianExpansion Expansion { get; }

    /// <summary>Bound of the rounding error of <see cref="Kernel"/>'s exponent, which cancels squares of this magnitude.</summary>
    public double ExponentError { get; }

    /// <summary>
    /// The kernel as libsvm stores it: float32, from the float64 exponent -gamma (x_i^2 + x_k^2 - 2 x_i x_k). The
    /// parentheses fix the order of the roundings, which decide ties between points.
    /// </summary>
    public override float Kernel(int i, int k) => (float)Math.Exp(-Gamma * (squares[i] + squares[k] - (2 * (X[i] * X[k]))));

    /// <summary>How rows are rounded over a block: a far outlier makes the exponents near it inexact, and no others.</summary>
    public SingleRounding RoundingOf(double lowest, double highest) => new(RelativeErrorAt(Math.Max(Math.Abs(lowest), Math.Abs(highest))));

    /// <summary>
    /// <see cref="Kernel"/> of a source with eight slots of a block, from exponentials: for what a block's expansion leaves
    /// uncertain, above all kernel values that are subnormal in float32, of which a heavy tail has many. Empty slots get anything.
    /// </summary>
    public Vector512<double> Kernels(int source, double centre, ReadOnlySpan<double> offsets, ReadOnlySpan<int> ids)
    {
        var distance = Vector512.Create(X[source] - centre) - Vector512.Create(offsets);
        // Far below float32's least value already; kept from where the vectorised exponential falls back to the scalar one.
        var exponent = Vector512.Max(distance * distance * Vector512.Create(-Gamma), Vector512.Create(-200.0));
        var kernels = SingleRounding.RoundAny(Vector512.Exp(exponent), 2 * RelativeErrorAt(Math.Abs(centre)), out var uncertain);
        for (ulong lanes = uncertain.ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            if (ids[lane] >= 0) { kernels = kernels.WithElement(lane, Kernel(source, ids[lane])); }
        }

        return kernels;
    }

    /// <inheritdoc/>
    public override ISetAside SetAside() => new ScalarSetAside(this);

    /// <inheritdoc/>
    public override IActiveSet Activate(int[] position, int activeCount, ReadOnlySpan<int> waiting, DualState state)
    {
        int[] sorted = new int[activeCount];
        (int count, int waitingSeen) = (0, 0);
        foreach (int id in SortedIds)
        {
            if (waitingSeen < waiting.Length && waiting[waitingSeen] == id) { waitingSeen++; }
            else if (position[id] < activeCount) { sorted[count++] = id; }
        }

        return new ScalarActiveSet(this, sorted.AsSpan(0, count), position, state);
    }

    /// <summary>Bound for kernel values of a point of this magnitude with any whose kernel is not 0.</summary>
    private double RelativeErrorAt(double x) =>
        Expansion.RelativeError + ExponentErrorAt(Math.Min(magnitude, x + Expansion.ZeroReach + BlockWidth));

    private double ExponentErrorAt(double x) => 10 * Gamma * x * x * GaussianExpansion.UnitRoundoff;
}
