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
        blocks = BlockPartition.Of(sortedIds, problem.X, problem.BlockWidth);
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
        var replay = new GradientReplay(problem, sortedIds, sources, weights, values);
        Parallel.For(0, replay.blocks.Count, replay.AddToBlock);
    }

    private void AddToBlock(int b)
    {
        var slots = new Range(blocks.Starts[b], blocks.Starts[b + 1]);
        ReadOnlySpan<int> ids = blocks.Ids.AsSpan(slots);
        ReadOnlySpan<double> offsets = blocks.Offsets.AsSpan(slots);
        Span<double> block = stackalloc double[ids.Length];
        Span<double> distances = stackalloc double[Tile];
        Span<double> coefficients = stackalloc double[Tile * (problem.Expansion.Degree + 1)];
        for (int k = 0; k < ids.Length; k++) { block[k] = ids[k] < 0 ? 0 : values[ids[k]]; }
        for (int first = 0; first < sources.Length; first += Tile)
        {
            int count = Math.Min(Tile, sources.Length - first);
            for (int e = 0; e < count; e++) { distances[e] = problem.X[sources[first + e]] - blocks.Centres[b]; }
            problem.Expansion.Coefficients(distances, coefficients, SingleRounding.Uncertain);
            for (int k = 0; k < ids.Length; k += BlockPartition.Chunk)
            {
                Range chunk = k..(k + BlockPartition.Chunk);
                AddTile(ids[chunk], offsets[chunk], coefficients, first, count, block[chunk]);
            }
        }

        for (int k = 0; k < ids.Length; k++) { if (ids[k] >= 0) { values[ids[k]] = block[k]; } }
    }

    /// <summary>One chunk of points, whose values stay in registers, and one tile of sources.</summary>
    private unsafe void AddTile(
        ReadOnlySpan<int> ids, ReadOnlySpan<double> offsets, ReadOnlySpan<double> coefficients, int first, int count, Span<double> chunk)
    {
        int top = problem.Expansion.Degree * Tile;
        SingleRounding rounding = problem.Rounding;
        var d0 = Vector512.Create(offsets);
        var d1 = Vector512.Create(offsets[8..]);
        var v0 = Vector512.Create<double>(chunk);
        var v1 = Vector512.Create<double>(chunk[8..]);
        fixed (double* table = coefficients, weight = &weights[first])
        {
            for (nint e = 0; e < count; e++)
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
                    v0.CopyTo(chunk);
                    v1.CopyTo(chunk[8..]);
                    AddExactly(ids, sources[first + (int)e], weight[e], chunk);
                    v0 = Vector512.Create<double>(chunk);
                    v1 = Vector512.Create<double>(chunk[8..]);
                    continue;
                }

                v0 += SingleRounding.Round(k0) * w;
                v1 += SingleRounding.Round(k1) * w;
            }
        }

        v0.CopyTo(chunk);
        v1.CopyTo(chunk[8..]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddExactly(ReadOnlySpan<int> ids, int source, double weight, Span<double> chunk)
    {
        for (int k = 0; k < ids.Length; k++)
        {
            if (ids[k] >= 0) { chunk[k] += problem.Kernel(source, ids[k]) * weight; }
        }
    }
}
