using System.Runtime.InteropServices;
using System.Numerics;

namespace Lacuna.Evaluation;

/// <summary>
/// The active points of a <see cref="VectorProblem"/>. Scores lie by point, those of points that are not active among them: adding whole rows
/// in one sweep is faster than leaving gaps.
/// </summary>
internal sealed class VectorActiveSet : IActiveSet
{
    private readonly VectorProblem problem;
    private readonly int[] ids;
    private readonly double[] scores;
    private readonly bool[] upper, lower;

    /// <summary>Takes the scores of all points from the state.</summary>
    public VectorActiveSet(VectorProblem problem, int[] position, int activeCount, ReadOnlySpan<int> waiting, DualState state)
    {
        this.problem = problem;
        int[] byPosition = new int[activeCount];
        Array.Fill(byPosition, -1);
        for (int id = 0; id < position.Length; id++)
        {
            if (position[id] < activeCount) { byPosition[position[id]] = id; }
        }

        foreach (int id in waiting)
        {
            if (position[id] < activeCount) { byPosition[position[id]] = -1; }
        }

        ids = Array.FindAll(byPosition, id => id >= 0);
        scores = [.. state.Score];
        (upper, lower) = (new bool[problem.Count], new bool[problem.Count]);
        foreach (int id in ids) { SetMembership(id, state); }
        FindExtremes();
    }

    public double LargestUpper { get; private set; }

    public double SmallestLower { get; private set; }

    public double Score(int id) => scores[id];

    public void CopyScores(double[] byId)
    {
        foreach (int id in ids) { byId[id] = scores[id]; }
    }

    public void SetMembership(int id, DualState state) => (upper[id], lower[id]) = (state.IsUpper(id), state.IsLower(id));

    public int SelectUpper(double largest) => Array.FindLast(ids, id => upper[id] && scores[id] == largest);

    public int SelectLower(int i, double largest)
    {
        float[] row = problem.Row(i);
        (int best, double bestGain) = (-1, double.NegativeInfinity);
        foreach (int id in ids)
        {
            double difference = largest - scores[id];
            if (!lower[id] || !(difference > 0)) { continue; }
            double curvature = 2.0 - (2.0 * row[id]);
            double gain = difference * difference / (curvature > 0 ? curvature : SvcProblem.LeastCurvature);
            if (gain >= bestGain) { (best, bestGain) = (id, gain); }
        }

        return best;
    }

    public void AddRows(int i, double firstWeight, int j, double secondWeight)
    {
        Add(problem.Row(i), firstWeight, problem.Row(j), secondWeight, scores);
        FindExtremes();
    }

    /// <summary>float64 products of float32 kernel values, their sum, then the score: libsvm's roundings.</summary>
    private static void Add(float[] first, double firstWeight, float[] second, double secondWeight, double[] scores)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(first), b = MemoryMarshal.Cast<float, Vector<float>>(second);
        Span<Vector<double>> s = MemoryMarshal.Cast<double, Vector<double>>(scores.AsSpan(0, a.Length * Vector<float>.Count));
        for (int v = 0; v < a.Length; v++)
        {
            Vector.Widen(a[v], out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(b[v], out Vector<double> bLow, out Vector<double> bHigh);
            s[2 * v] += (aLow * firstWeight) + (bLow * secondWeight);
            s[(2 * v) + 1] += (aHigh * firstWeight) + (bHigh * secondWeight);
        }

        for (int n = a.Length * Vector<float>.Count; n < scores.Length; n++) { scores[n] += (first[n] * firstWeight) + (second[n] * secondWeight); }
    }

    private void FindExtremes()
    {
        (double largest, double smallest) = (double.NegativeInfinity, double.PositiveInfinity);
        foreach (int id in ids)
        {
            double score = scores[id];
            if (upper[id] && score > largest) { largest = score; }
            if (lower[id] && score < smallest) { smallest = score; }
        }

        (LargestUpper, SmallestLower) = (largest, smallest);
    }
}
