namespace Lacuna.Evaluation;

/// <summary>
/// The scores of points outside the active set of a <see cref="VectorProblem"/>, as libsvm keeps them: the part that comes from coefficients
/// at C is current for all points at every step, and the rest is added when all points are looked at again. Suspended scores are therefore exact.
/// </summary>
internal sealed class VectorSetAside(VectorProblem problem) : ISetAside
{
    private readonly double[] bounded = new double[problem.Count];
    private readonly double[] scores = new double[problem.Count];
    private int[] waiting = [];

    public ReadOnlySpan<int> Waiting => waiting;

    public double Error => 0;

    public double Estimate(int id) => scores[id];

    public void Record(int id, double weight) => AddRow(problem.Row(id), weight, bounded);

    public void Suspend(DualState state, int[] order, int activeCount)
    {
        waiting = order[activeCount..];
        foreach (int id in waiting) { scores[id] = bounded[id] + problem.Sign(id); }
        if (waiting.Length == 0) { return; }
        foreach (int source in order.AsSpan(0, activeCount))
        {
            if (!state.IsFree(source)) { continue; }
            float[] row = problem.Row(source);
            double weight = -problem.Sign(source) * state.Alpha[source];
            foreach (int id in waiting) { scores[id] += row[id] * weight; }
        }
    }

    public void Step(DualState state, int i, double weightI, int j, double weightJ)
    {
        if (waiting.Length == 0) { return; }
        (float[] first, float[] second) = (problem.Row(i), problem.Row(j));
        foreach (int id in waiting) { scores[id] += (first[id] * weightI) + (second[id] * weightJ); }
    }

    public void Resume(DualState state, int[] ids)
    {
        foreach (int id in ids) { state.Score[id] = scores[id]; }
        var resumed = ids.ToHashSet();
        waiting = Array.FindAll(waiting, id => !resumed.Contains(id));
    }

    public void Dismiss() => waiting = [];

    private static void AddRow(float[] row, double weight, double[] sums)
    {
        for (int n = 0; n < sums.Length; n++) { sums[n] += row[n] * weight; }
    }
}
