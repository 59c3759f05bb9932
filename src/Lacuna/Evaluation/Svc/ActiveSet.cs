using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// The points the solver works on, in blocks, with their scores s = -y (gradient of the dual). A point is in the upper
/// set if y alpha may grow and in the lower set if it may shrink; the most violating pair is the largest score of the
/// upper set and the smallest of the lower. Each pass that updates all scores also leaves both extremes of every block,
/// so that the selection of the next pair looks into few blocks only.
/// </summary>
internal sealed class ActiveSet
{
    /// <summary>libsvm's stand-in for a curvature that is not positive.</summary>
    public const double LeastCurvature = 1e-12;

    private readonly SvcProblem problem;
    private readonly BlockPartition blocks;
    private readonly int[] position;
    private readonly int[] slotOf, blockOf;
    private readonly double[] scores;
    private readonly byte[] upper, lower;
    private readonly double[] largestUpper, smallestLower;
    private readonly int[] lastPosition;
    private readonly double[] distances, firstRow, secondRow;

    /// <param name="problem">The training set.</param>
    /// <param name="sortedIds">The active points by ascending feature.</param>
    /// <param name="position">libsvm's current position of each point, by which it breaks ties: the last one wins.</param>
    /// <param name="state">Current dual coefficients and scores of all points.</param>
    public ActiveSet(SvcProblem problem, ReadOnlySpan<int> sortedIds, int[] position, DualState state)
    {
        (this.problem, this.position) = (problem, position);
        blocks = BlockPartition.Of(sortedIds, problem.X, problem.BlockWidth);
        int slots = blocks.Ids.Length;
        (slotOf, blockOf) = (new int[problem.Count], new int[slots / BlockPartition.Chunk]);
        scores = new double[slots];
        (upper, lower) = (new byte[slots / 8], new byte[slots / 8]);
        (largestUpper, smallestLower, lastPosition) = (new double[blocks.Count], new double[blocks.Count], new int[blocks.Count]);
        distances = new double[blocks.Centres.Length];
        firstRow = new double[distances.Length * (problem.Expansion.Degree + 1)];
        secondRow = new double[firstRow.Length];

        for (int b = 0; b < blocks.Count; b++)
        {
            for (int slot = blocks.Starts[b]; slot < blocks.Starts[b + 1]; slot++)
            {
                int id = blocks.Ids[slot];
                blockOf[slot / BlockPartition.Chunk] = b;
                if (id < 0) { continue; }
                slotOf[id] = slot;
                scores[slot] = state.Score[id];
                lastPosition[b] = Math.Max(lastPosition[b], position[id]);
                SetMembership(id, state);
            }
        }

        AddRows(0, 0, 0, 0);
    }

    public double LargestUpper => Largest(largestUpper);

    public double SmallestLower => Smallest(smallestLower);

    public double Score(int id) => scores[slotOf[id]];

    public void CopyScores(double[] byId)
    {
        for (int slot = 0; slot < scores.Length; slot++)
        {
            if (blocks.Ids[slot] >= 0) { byId[blocks.Ids[slot]] = scores[slot]; }
        }
    }

    public void SetMembership(int id, DualState state)
    {
        int slot = slotOf[id];
        byte bit = (byte)(1 << (slot & 7));
        Set(upper, state.IsUpper(id));
        Set(lower, state.IsLower(id));
        void Set(byte[] set, bool member) => set[slot >> 3] = (byte)(member ? set[slot >> 3] | bit : set[slot >> 3] & ~bit);
    }

    /// <summary>The point with the largest score of the upper set, the one at the last position among equals.</summary>
    public int SelectUpper(double largest)
    {
        (int best, int bestPosition) = (-1, -1);
        for (int b = blocks.Count - 1; b >= 0; b--)
        {
            if (largestUpper[b] != largest || lastPosition[b] < bestPosition) { continue; }
            for (int slot = blocks.Starts[b]; slot < blocks.Starts[b + 1]; slot++)
            {
                if (scores[slot] == largest && Contains(upper, slot) && position[blocks.Ids[slot]] > bestPosition)
                {
                    (best, bestPosition) = (blocks.Ids[slot], position[blocks.Ids[slot]]);
                }
            }
        }

        return best;
    }

    /// <summary>
    /// The partner of <paramref name="i"/> of largest gain (s_i - s_j)^2 / (2 - 2 k(x_i, x_j)) in the lower set, the one
    /// at the last position among equals: the second-order working set selection of Fan, Chen and Lin (2005). Blocks
    /// are visited outwards from the source and skipped where a bound of their gain stays below the best found.
    /// </summary>
    public int SelectLower(int i, double largest)
    {
        var search = new PartnerSearch(problem, i, largest);
        int home = blockOf[slotOf[i] / BlockPartition.Chunk];
        Visit(ref search, home);
        for (int step = 1; step <= Math.Max(home, blocks.Count - 1 - home); step++)
        {
            if (home - step >= 0) { Visit(ref search, home - step); }
            if (home + step < blocks.Count) { Visit(ref search, home + step); }
        }

        return search.Best;
    }

    private void Visit(ref PartnerSearch search, int b)
    {
        if (!search.CanImprove(smallestLower[b], blocks.Lowest[b], blocks.Highest[b], lastPosition[b])) { return; }
        for (int slot = blocks.Starts[b]; slot < blocks.Starts[b + 1]; slot++)
        {
            if (Contains(lower, slot)) { search.Offer(blocks.Ids[slot], scores[slot], position[blocks.Ids[slot]]); }
        }
    }

    private static bool Contains(byte[] set, int slot) => (set[slot >> 3] >> (slot & 7) & 1) != 0;

    /// <summary>
    /// Adds firstWeight k(x_i, .) + secondWeight k(x_j, .) to all scores, with libsvm's roundings: float32 kernel values,
    /// float64 products, their sum, then the score. Bytes moved: 16 read and 8 written a point, from the L2 cache.
    /// </summary>
    public unsafe void AddRows(int i, double firstWeight, int j, double secondWeight)
    {
        Expand(i, firstRow);
        Expand(j, secondRow);
        int stride = distances.Length;
        int degree = problem.Expansion.Degree;
        SingleRounding rounding = problem.Rounding;
        var first = Vector512.Create(firstWeight);
        var second = Vector512.Create(secondWeight);
        fixed (double* offsets = blocks.Offsets, score = scores, rowI = firstRow, rowJ = secondRow)
        fixed (byte* up = upper, low = lower)
        {
            for (int b = 0; b < blocks.Count; b++)
            {
                var largest = Vector512.Create(double.NegativeInfinity);
                var smallest = Vector512.Create(double.PositiveInfinity);
                int end = blocks.Starts[b + 1];
                for (int slot = blocks.Starts[b]; slot < end; slot += BlockPartition.Chunk)
                {
                    var d0 = Vector512.Load(offsets + slot);
                    var d1 = Vector512.Load(offsets + slot + 8);
                    double* ci = rowI + b + (degree * stride);
                    double* cj = rowJ + b + (degree * stride);
                    var i0 = Vector512.Create(*ci);
                    var j0 = Vector512.Create(*cj);
                    var (i1, j1) = (i0, j0);
                    for (int n = degree; n > 0; n--)
                    {
                        ci -= stride;
                        cj -= stride;
                        var ei = Vector512.Create(*ci);
                        var ej = Vector512.Create(*cj);
                        i0 = Vector512.FusedMultiplyAdd(i0, d0, ei);
                        i1 = Vector512.FusedMultiplyAdd(i1, d1, ei);
                        j0 = Vector512.FusedMultiplyAdd(j0, d0, ej);
                        j1 = Vector512.FusedMultiplyAdd(j1, d1, ej);
                    }

                    var certainty = Vector512.Min(
                        Vector512.Min(rounding.Certainty(i0), rounding.Certainty(i1)),
                        Vector512.Min(rounding.Certainty(j0), rounding.Certainty(j1)));
                    Vector512<double> s0, s1;
                    if (rounding.AnyUncertain(certainty))
                    {
                        AddExactly(slot, i, firstWeight, j, secondWeight);
                        s0 = Vector512.Load(score + slot);
                        s1 = Vector512.Load(score + slot + 8);
                    }
                    else
                    {
                        s0 = Vector512.Load(score + slot)
                            + ((SingleRounding.Round(i0) * first) + (SingleRounding.Round(j0) * second));
                        s1 = Vector512.Load(score + slot + 8)
                            + ((SingleRounding.Round(i1) * first) + (SingleRounding.Round(j1) * second));
                        s0.Store(score + slot);
                        s1.Store(score + slot + 8);
                    }

                    int bytes = slot >> 3;
                    largest = Vector512.MaxNative(largest, Masked(s0, up[bytes], double.NegativeInfinity));
                    largest = Vector512.MaxNative(largest, Masked(s1, up[bytes + 1], double.NegativeInfinity));
                    smallest = Vector512.MinNative(smallest, Masked(s0, low[bytes], double.PositiveInfinity));
                    smallest = Vector512.MinNative(smallest, Masked(s1, low[bytes + 1], double.PositiveInfinity));
                }

                largestUpper[b] = Reduce(largest, true);
                smallestLower[b] = Reduce(smallest, false);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddExactly(int firstSlot, int i, double firstWeight, int j, double secondWeight)
    {
        for (int slot = firstSlot; slot < firstSlot + BlockPartition.Chunk; slot++)
        {
            int id = blocks.Ids[slot];
            if (id < 0) { continue; }
            scores[slot] += (problem.Kernel(i, id) * firstWeight) + (problem.Kernel(j, id) * secondWeight);
        }
    }

    private void Expand(int id, double[] row)
    {
        double x = problem.X[id];
        var source = new Vector<double>(x);
        for (int b = 0; b < distances.Length; b += Vector<double>.Count)
        {
            (source - new Vector<double>(blocks.Centres, b)).CopyTo(distances, b);
        }

        problem.Expansion.Coefficients(distances, row, SingleRounding.Uncertain);
    }

    /// <summary>The value where the set's bit is on, else <paramref name="other"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Masked(Vector512<double> value, byte set, double other)
    {
        var lanes = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        var off = Vector512.Equals(Vector512.Create((long)set) & lanes, Vector512<long>.Zero);
        return Vector512.ConditionalSelect(off.AsDouble(), Vector512.Create(other), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Reduce(Vector512<double> lanes, bool max)
    {
        var (a, b) = (lanes.GetLower(), lanes.GetUpper());
        var quad = max ? Vector256.MaxNative(a, b) : Vector256.MinNative(a, b);
        var (c, d) = (quad.GetLower(), quad.GetUpper());
        var pair = max ? Vector128.MaxNative(c, d) : Vector128.MinNative(c, d);
        return max ? Math.Max(pair[0], pair[1]) : Math.Min(pair[0], pair[1]);
    }

    private static double Largest(double[] values)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in values) { largest = value > largest ? value : largest; }
        return largest;
    }

    private static double Smallest(double[] values)
    {
        double smallest = double.PositiveInfinity;
        foreach (double value in values) { smallest = value < smallest ? value : smallest; }
        return smallest;
    }
}
