using System.Runtime.InteropServices;

namespace Lacuna.Evaluation;

/// <summary>
/// The scores of points outside the active set. libsvm keeps, for all points, the part of the gradient that comes from
/// coefficients at C current at every step, and rebuilds all gradients when it looks at all points again. Here those
/// steps are only recorded. <see cref="Suspend"/> notes where libsvm would rebuild, and knows each score to within
/// <see cref="Error"/> from one fast sum; <see cref="Resume"/> replays the steps, in their order and with their roundings
/// (float64 sums depend on both), for the few points where that is not enough to decide.
/// </summary>
internal sealed class ScalarSetAside(ScalarProblem problem) : ISetAside
{
    private readonly List<int> sources = [];
    private readonly List<double> weights = [];

    /// <summary>The recorded part of the score, and how many steps it holds.</summary>
    private readonly double[] bounded = new double[problem.Count];
    private readonly int[] replayed = new int[problem.Count];

    private readonly double[] estimates = new double[problem.Count];
    private int[] waiting = [];
    private int recordedAtRebuild;
    private int[] free = [];
    private double[] freeWeights = [];
    private (int I, double WeightI, int J, double WeightJ)? stepSince;

    /// <summary>Suspended points by ascending feature.</summary>
    public ReadOnlySpan<int> Waiting => waiting;

    /// <summary>Bound of the error of <see cref="Estimate"/>: that of float32 kernel values, and of float64 sums.</summary>
    public double Error { get; private set; }

    public double Estimate(int id) => estimates[id];

    /// <summary>A coefficient reached C (weight -y C) or left it (weight y C).</summary>
    public void Record(int id, double weight)
    {
        sources.Add(id);
        weights.Add(weight);
    }

    /// <summary>Suspends the points from position <paramref name="activeCount"/> on, as of the current coefficients.</summary>
    public void Suspend(DualState state, int[] order, int activeCount)
    {
        bool[] aside = new bool[order.Length];
        foreach (int id in order.AsSpan(activeCount)) { aside[id] = true; }
        waiting = Array.FindAll(problem.SortedIds, id => aside[id]);
        recordedAtRebuild = sources.Count;
        free = Array.FindAll(order[..activeCount], state.IsFree);
        freeWeights = Array.ConvertAll(free, id => -problem.Sign(id) * state.Alpha[id]);
        stepSince = null;
        EstimateScores(state);
    }

    /// <summary>Takes one step of the solver over the suspended points.</summary>
    public void Step(DualState state, int i, double weightI, int j, double weightJ)
    {
        if (waiting.Length == 0) { return; }
        stepSince = (i, weightI, j, weightJ);
        EstimateScores(state);
    }

    /// <summary>Computes the scores of some suspended points (by ascending feature); they no longer wait.</summary>
    public void Resume(DualState state, int[] ids)
    {
        foreach (IGrouping<int, int> group in ids.GroupBy(id => replayed[id]))
        {
            Range steps = group.Key..recordedAtRebuild;
            GradientReplay.AddRows(
                problem, group.ToArray(), CollectionsMarshal.AsSpan(sources)[steps], CollectionsMarshal.AsSpan(weights)[steps], bounded);
        }

        foreach (int id in ids)
        {
            replayed[id] = recordedAtRebuild;
            state.Score[id] = bounded[id] + problem.Sign(id);
        }

        GradientReplay.AddRows(problem, ids, free, freeWeights, state.Score);
        if (stepSince is var (i, weightI, j, weightJ))
        {
            foreach (int id in ids)
            {
                state.Score[id] += (problem.Kernel(i, id) * weightI) + (problem.Kernel(j, id) * weightJ);
            }
        }

        var resumed = ids.ToHashSet();
        waiting = Array.FindAll(waiting, id => !resumed.Contains(id));
    }

    /// <summary>Ends the suspension: the points still waiting are outside the active set again.</summary>
    public void Dismiss() => waiting = [];

    private void EstimateScores(DualState state)
    {
        if (waiting.Length == 0) { return; }
        int[] vectors = Array.FindAll(problem.SortedIds, id => !state.AtZero(id));
        double[] features = Array.ConvertAll(vectors, id => problem.X[id]);
        double[] coefficients = Array.ConvertAll(vectors, id => -problem.Sign(id) * state.Alpha[id]);
        var table = new DecisionTable(problem.Gamma, features, coefficients, problem.X[waiting[0]], problem.X[waiting[^1]]);
        double total = 0;
        foreach (double coefficient in coefficients) { total += Math.Abs(coefficient); }
        double recorded = (sources.Count + free.Length + 2.0) * problem.C;
        Error = table.Error + (total * Math.ScaleB(1, -24)) + (total * problem.ExponentError)
            + (recorded * recorded / problem.C * 2 * GaussianExpansion.UnitRoundoff);
        double sum = 0;
        for (int k = 0; k < waiting.Length; k++)
        {
            double x = problem.X[waiting[k]];
            if (k == 0 || x != problem.X[waiting[k - 1]]) { sum = table.Sum(x); }
            estimates[waiting[k]] = sum + problem.Sign(waiting[k]);
        }
    }
}
