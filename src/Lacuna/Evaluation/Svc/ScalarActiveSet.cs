using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// The points the solver works on, in blocks, with their scores s = -y (gradient of the dual). A point is in the upper
/// set if y alpha may grow and in the lower set if it may shrink; the most violating pair is the largest score of the
/// upper set and the smallest of the lower. Each pass that updates all scores also leaves both extremes of every block,
/// so that the selection of the next pair looks into few blocks only.
/// </summary>
internal sealed class ScalarActiveSet : IActiveSet
{
    private readonly ScalarProblem problem;
    private readonly BlockPartition blocks;
    private readonly int[] position;
    private readonly int[] slotOf, blockOf;
    private readonly double[] scores;
    private readonly byte[] upper, lower;
    private readonly double[] largestUpper, smallestLower;
    private readonly int[] lastPosition;
    private readonly double[] firstRow, secondRow;
    private readonly int[] degrees; // largest of each eight blocks
    private readonly SingleRounding[] roundings;

    /// <param name="problem">The training set.</param>
    /// <param name="sortedIds">The active points by ascending feature.</param>
    /// <param name="position">libsvm's current position of each point, by which it breaks ties: the last one wins.</param>
    /// <param name="state">Current dual coefficients and scores of all points.</param>
    public ScalarActiveSet(ScalarProblem problem, ReadOnlySpan<int> sortedIds, int[] position, DualState state)
    {
        (this.problem, this.position) = (problem, position);
        blocks = BlockPartition.Of(sortedIds, problem.X, problem.BlockWidth, problem.Expansion);
        int slots = blocks.Ids.Length;
        (slotOf, blockOf) = (new int[problem.Count], new int[slots / BlockPartition.Chunk]);
        scores = new double[slots];
        (upper, lower) = (new byte[slots / 8], new byte[slots / 8]);
        (largestUpper, smallestLower, lastPosition) = (new double[blocks.Count], new double[blocks.Count], new int[blocks.Count]);
        firstRow = new double[blocks.Centres.Length * (problem.Expansion.Degree + 1)];
        degrees = [.. blocks.Degrees.Chunk(Vector512<double>.Count).Select(eight => eight.Max())];
        roundings = [.. Enumerable.Range(0, blocks.Count).Select(b => problem.RoundingOf(blocks.Lowest[b], blocks.Highest[b]))];
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

        AddRows(0, 0, 0, 0, double.PositiveInfinity);
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
    /// float64 products, their sum, then the score; and refreshes the extremes of every block.
    /// </summary>
    public void AddRows(int i, double firstWeight, int j, double secondWeight) =>
        AddRows(i, firstWeight, j, secondWeight, problem.Expansion.ZeroReach);

    /// <summary>As above, over the blocks within a distance of either source: beyond it both rows are 0.</summary>
    private unsafe void AddRows(int i, double firstWeight, int j, double secondWeight, double reach)
    {
        Expand(i, firstRow);
        Expand(j, secondRow);
        int* uncertain = stackalloc int[BlockPartition.MostPoints / BlockPartition.Chunk];
        fixed (double* offsets = blocks.Offsets, values = scores, rowI = firstRow, rowJ = secondRow)
        fixed (byte* up = upper, low = lower)
        {
            var update = new PairUpdate
            {
                Offsets = offsets, Scores = values, Upper = up, Lower = low, Uncertain = uncertain,
                Stride = blocks.Centres.Length,
                FirstWeight = firstWeight, SecondWeight = secondWeight,
            };
            for (int b = 0; b < blocks.Count; b++)
            {
                if (Math.Abs(problem.X[i] - blocks.Centres[b]) > reach && Math.Abs(problem.X[j] - blocks.Centres[b]) > reach) { continue; }
                (update.Degree, update.Rounding) = (blocks.Degrees[b], roundings[b]);
                update.FirstRow = rowI + b;
                update.SecondRow = rowJ + b;
                update.Run(blocks.Starts[b], blocks.Starts[b + 1]);
                (largestUpper[b], smallestLower[b]) = (update.LargestUpper, update.SmallestLower);
                for (int k = 0; k < update.UncertainCount; k++)
                {
                    AddExactly(b, uncertain[k], i, firstWeight, j, secondWeight);
                }
            }
        }
    }

    /// <summary>One chunk of <see cref="AddRows(int, double, int, double)"/>, with exponentials in place of the expansion.</summary>
    private void AddExactly(int block, int firstSlot, int i, double firstWeight, int j, double secondWeight)
    {
        for (int slot = firstSlot; slot < firstSlot + BlockPartition.Chunk; slot += 8)
        {
            ReadOnlySpan<double> offsets = blocks.Offsets.AsSpan(slot, 8);
            ReadOnlySpan<int> ids = blocks.Ids.AsSpan(slot, 8);
            var added = (problem.Kernels(i, blocks.Centres[block], offsets, ids) * Vector512.Create(firstWeight))
                + (problem.Kernels(j, blocks.Centres[block], offsets, ids) * Vector512.Create(secondWeight));
            (Vector512.Create(scores, slot) + added).CopyTo(scores, slot);
            for (int k = slot; k < slot + 8; k++)
            {
                if (Contains(upper, k)) { largestUpper[block] = Math.Max(largestUpper[block], scores[k]); }
                if (Contains(lower, k)) { smallestLower[block] = Math.Min(smallestLower[block], scores[k]); }
            }
        }
    }

    private void Expand(int id, double[] row)
    {
        var source = Vector512.Create(problem.X[id]);
        for (int b = 0; b < blocks.Centres.Length; b += Vector512<double>.Count)
        {
            problem.Expansion.Coefficients(
                source - Vector512.Create(blocks.Centres, b), row.AsSpan(b), blocks.Centres.Length, SingleRounding.Uncertain, degrees[b / Vector512<double>.Count]);
        }
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
