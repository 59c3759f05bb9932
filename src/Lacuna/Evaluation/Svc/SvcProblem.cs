namespace Lacuna.Evaluation;

/// <summary>
/// The training set in libsvm's order: the class of label 0 (sign +1) first, then the class of label 1 (sign -1),
/// each in the order given. A point is named by its index in that order.
/// </summary>
internal abstract class SvcProblem(int count, int firstCount, RbfSvcOptions options)
{
    /// <summary>libsvm's stand-in for a curvature that is not positive.</summary>
    public const double LeastCurvature = 1e-12;

    public double C { get; } = options.C;
    public double Gamma { get; } = options.Gamma;
    public double Tolerance { get; } = options.Tolerance;
    public int FirstCount { get; } = firstCount;
    public int Count { get; } = count;

    public double Sign(int id) => id < FirstCount ? 1 : -1;

    /// <summary>The kernel as libsvm stores it, in float32.</summary>
    public abstract float Kernel(int i, int k);

    /// <summary>What keeps the scores of points outside the active set.</summary>
    public abstract ISetAside SetAside();

    /// <summary>The points the solver works on: those at positions below <paramref name="activeCount"/> that are not waiting.</summary>
    /// <param name="position">libsvm's current position of each point.</param>
    /// <param name="activeCount">How many positions are active.</param>
    /// <param name="waiting">Suspended points, in the order in which <see cref="ISetAside.Waiting"/> gives them.</param>
    /// <param name="state">Current dual coefficients and scores of all points.</param>
    public abstract IActiveSet Activate(int[] position, int activeCount, ReadOnlySpan<int> waiting, DualState state);
}
