namespace Lacuna.Evaluation;

/// <summary>
/// The gradients of points outside the active set. libsvm keeps, for all points, the part of the gradient that comes
/// from coefficients at C current at every step; here those steps are only recorded, and replayed in their order (float64
/// sums depend on it) for the points that need them.
/// </summary>
internal sealed class SetAside(SvcProblem problem)
{
    private readonly List<int> sources = [];
    private readonly List<double> weights = [];

    /// <summary>-y times the part of the gradient from coefficients at C, and how many recorded steps it holds.</summary>
    private readonly double[] bounded = new double[problem.Count];
    private readonly int[] replayed = new int[problem.Count];

    /// <summary>A coefficient reached or left C.</summary>
    public void Record(int id, double weight)
    {
        sources.Add(id);
        weights.Add(weight);
    }

    /// <summary>Rebuilds the scores of the points from position <paramref name="activeCount"/> on.</summary>
    public void Rebuild(DualState state, int[] order, int activeCount)
    {
        if (activeCount == order.Length) { return; }
        bool[] isAside = new bool[order.Length];
        foreach (int id in order.AsSpan(activeCount)) { isAside[id] = true; }
        int[] aside = Array.FindAll(problem.SortedIds, id => isAside[id]);
        foreach (IGrouping<int, int> group in aside.GroupBy(id => replayed[id]))
        {
            int from = group.Key;
            GradientReplay.AddRows(problem, group.ToArray(), Sources[from..], Weights[from..], bounded);
        }

        foreach (int id in aside)
        {
            replayed[id] = sources.Count;
            state.Score[id] = bounded[id] + problem.Sign(id);
        }

        int[] free = Array.FindAll(order[..activeCount], state.IsFree);
        double[] freeWeights = Array.ConvertAll(free, id => -problem.Sign(id) * state.Alpha[id]);
        GradientReplay.AddRows(problem, aside, free, freeWeights, state.Score);
    }

    private ReadOnlySpan<int> Sources => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sources);

    private ReadOnlySpan<double> Weights => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(weights);
}
