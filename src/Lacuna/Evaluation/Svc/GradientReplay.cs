using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// Adds many weighted kernel rows, one after the other and with libsvm's roundings, to the values of some points:
/// v = v + k w for each source in turn, k rounded to float32. Blocks are independent and run on all cores.
/// </summary>
internal sealed class GradientReplay
{
    private const int Tile = 64;

    private readonly ScalarProblem problem;
    private readonly BlockPartition blocks;
    private readonly int[] sources;
    private readonly double[] weights, values;

    private GradientReplay(ScalarProblem problem, int[] sortedIds, ReadOnlySpan<int> sources, ReadOnlySpan<double> weights, double[] values)
    {
        this.problem = problem;
        blocks = BlockPartition.Of(sortedIds, problem.X, problem.BlockWidth, problem.Expansion);
        (this.sources, this.weights, this.values) = (sources.ToArray(), weights.ToArray(), values);
    }

    /// <param name="problem">The training set.</param>
    /// <param name="sortedIds">Points to update, by ascending feature.</param>
    /// <param name="sources">Points whose kernel rows are added, in order.</param>
    /// <param name="weights">Weight of each source.</param>
    /// <param name="values">Values by point.</param>
    public static void AddRows(
        ScalarProblem problem, int[] sortedIds, ReadOnlySpan<int> sources, ReadOnlySpan<double> weights, double[] values)
    {
        if (sortedIds.Length == 0 || sources.Length == 0) { return; }
        int[] like = Distinct(sortedIds, problem.X, values);
        var replay = new GradientReplay(problem, Array.FindAll(sortedIds, id => like[id] == id), sources, weights, values);
        Parallel.For(0, replay.blocks.Count, replay.AddToBlock);
        foreach (int id in sortedIds) { values[id] = values[like[id]]; }
    }

    /// <summary>
    /// For each point one of equal feature and value, which goes the same way: a saturated softmax has thousands of them.
    /// Of equal features the values of the two classes may differ, and seldom more than that.
    /// </summary>
    private static int[] Distinct(int[] sortedIds, double[] x, double[] values)
    {
        int[] like = new int[x.Length];
        (int last, int other) = (sortedIds[0], sortedIds[0]);
        foreach (int id in sortedIds)
        {
            if (x[id] != x[last]) { (last, other) = (id, id); }
            if (values[id] != values[last]) { (last, other) = x[other] == x[id] && values[other] == values[id] ? (other, last) : (id, last); }
            like[id] = last;
        }

        return like;
    }

    private void AddToBlock(int b)
    {
        var slots = new Range(blocks.Starts[b], blocks.Starts[b + 1]);
        int degree = blocks.Degrees[b];
        SingleRounding rounding = problem.RoundingOf(blocks.Lowest[b], blocks.Highest[b]);
        ReadOnlySpan<int> ids = blocks.Ids.AsSpan(slots);
        ReadOnlySpan<double> offsets = blocks.Offsets.AsSpan(slots);
        Span<double> block = stackalloc double[ids.Length];
        Span<double> distances = stackalloc double[Tile];
        Span<double> weight = stackalloc double[Tile];
        Span<int> source = stackalloc int[Tile];
        Span<double> coefficients = stackalloc double[Tile * (degree + 1)];
        for (int k = 0; k < ids.Length; k++) { block[k] = ids[k] < 0 ? 0 : values[ids[k]]; }
        int count = 0;
        for (int s = 0; s < sources.Length; s++)
        {
            distances[count] = problem.X[sources[s]] - blocks.Centres[b];
            if (Math.Abs(distances[count]) <= problem.Expansion.ZeroReach) { (source[count], weight[count++]) = (sources[s], weights[s]); }
            if (count == 0 || (count < Tile && s < sources.Length - 1)) { continue; }
            problem.Expansion.Coefficients(distances, coefficients, SingleRounding.Uncertain, degree);
            for (int k = 0; k < ids.Length; k += BlockPartition.Chunk)
            {
                Range chunk = k..(k + BlockPartition.Chunk);
                AddTile(ids[chunk], offsets[chunk], blocks.Centres[b], rounding, coefficients, degree, source[..count], weight, block[chunk]);
            }

            count = 0;
        }

        for (int k = 0; k < ids.Length; k++) { if (ids[k] >= 0) { values[ids[k]] = block[k]; } }
    }

    /// <summary>One chunk of points, whose values stay in registers, and one tile of sources.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddTile(
        ReadOnlySpan<int> ids, ReadOnlySpan<double> offsets, double centre, SingleRounding rounding, ReadOnlySpan<double> coefficients, int degree,
        ReadOnlySpan<int> source, ReadOnlySpan<double> weightOf, Span<double> chunk)
    {
        int top = degree * Tile;
        var d0 = Vector512.Create(offsets);
        var d1 = Vector512.Create(offsets[8..]);
        var v0 = Vector512.Create<double>(chunk);
        var v1 = Vector512.Create<double>(chunk[8..]);
        fixed (double* table = coefficients, weight = weightOf)
        {
            for (nint e = 0; e < source.Length; e++)
            {
                double* c = table + top + e;
                double* bottom = table + e;
                var k0 = Vector512.Create(*c);
                var k1 = k0;
                do
                {
                    c -= Tile;
                    var term = Vector512.Create(*c);
                    k0 = Vector512.FusedMultiplyAdd(k0, d0, term);
                    k1 = Vector512.FusedMultiplyAdd(k1, d1, term);
                }
                while (c != bottom);

                var w = Vector512.Create(weight[e]);
                if (rounding.AnyUncertain(Vector512.Min(rounding.Certainty(k0), rounding.Certainty(k1))))
                {
                    v0 += problem.Kernels(source[(int)e], centre, offsets, ids) * w;
                    v1 += problem.Kernels(source[(int)e], centre, offsets[8..], ids[8..]) * w;
                    continue;
                }

                v0 += SingleRounding.Round(k0) * w;
                v1 += SingleRounding.Round(k1) * w;
            }
        }

        v0.CopyTo(chunk);
        v1.CopyTo(chunk[8..]);
    }
}
