using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// Adds many weighted kernel rows, one after the other and with libsvm's roundings, to the values of some points. Serves
/// the gradients of points that were set aside: instead of keeping them current at every step as libsvm does, the steps
/// are replayed when, and only if, a gradient is needed again.
/// </summary>
internal static class GradientReplay
{
    private const int Tile = 64;

    /// <param name="problem">The training set.</param>
    /// <param name="sortedIds">Points to update, by ascending feature.</param>
    /// <param name="sources">Points whose kernel rows are added, in order.</param>
    /// <param name="weights">Weight of each source.</param>
    /// <param name="values">Values by point.</param>
    public static void AddRows(
        SvcProblem problem, ReadOnlySpan<int> sortedIds, ReadOnlySpan<int> sources, ReadOnlySpan<double> weights, double[] values)
    {
        BlockPartition blocks = BlockPartition.Of(sortedIds, problem.X, problem.BlockWidth);
        Span<double> distances = stackalloc double[Tile];
        Span<double> buffer = stackalloc double[BlockPartition.MostPoints];
        double[] coefficients = new double[Tile * (problem.Expansion.Degree + 1)];
        for (int b = 0; b < blocks.Count; b++)
        {
            var slots = new Range(blocks.Starts[b], blocks.Starts[b + 1]);
            Span<double> block = buffer[..(slots.End.Value - slots.Start.Value)];
            ReadOnlySpan<int> ids = blocks.Ids.AsSpan(slots);
            for (int k = 0; k < ids.Length; k++) { block[k] = ids[k] < 0 ? 0 : values[ids[k]]; }
            for (int first = 0; first < sources.Length; first += Tile)
            {
                int count = Math.Min(Tile, sources.Length - first);
                for (int e = 0; e < count; e++) { distances[e] = problem.X[sources[first + e]] - blocks.Centres[b]; }
                problem.Expansion.Coefficients(distances, coefficients, SingleRounding.Uncertain);
                AddTile(problem, ids, blocks.Offsets.AsSpan(slots), coefficients, sources.Slice(first, count), weights.Slice(first, count), block);
            }

            for (int k = 0; k < ids.Length; k++) { if (ids[k] >= 0) { values[ids[k]] = block[k]; } }
        }
    }

    private static void AddTile(
        SvcProblem problem, ReadOnlySpan<int> ids, ReadOnlySpan<double> offsets, ReadOnlySpan<double> coefficients,
        ReadOnlySpan<int> sources, ReadOnlySpan<double> weights, Span<double> values)
    {
        int degree = problem.Expansion.Degree;
        SingleRounding rounding = problem.Rounding;
        for (int k = 0; k < ids.Length; k += BlockPartition.Chunk)
        {
            var d0 = Vector512.Create(offsets.Slice(k, 8));
            var d1 = Vector512.Create(offsets.Slice(k + 8, 8));
            var v0 = Vector512.Create(values.Slice(k, 8));
            var v1 = Vector512.Create(values.Slice(k + 8, 8));
            for (int e = 0; e < sources.Length; e++)
            {
                var k0 = Vector512.Create(coefficients[(degree * Tile) + e]);
                var k1 = k0;
                for (int n = degree - 1; n >= 0; n--)
                {
                    var c = Vector512.Create(coefficients[(n * Tile) + e]);
                    k0 = Vector512.FusedMultiplyAdd(k0, d0, c);
                    k1 = Vector512.FusedMultiplyAdd(k1, d1, c);
                }

                if (rounding.AnyUncertain(Vector512.Min(rounding.Certainty(k0), rounding.Certainty(k1))))
                {
                    k0 = Exact(problem, sources[e], ids.Slice(k, 8));
                    k1 = Exact(problem, sources[e], ids.Slice(k + 8, 8));
                }

                var weight = Vector512.Create(weights[e]);
                v0 += SingleRounding.Round(k0) * weight;
                v1 += SingleRounding.Round(k1) * weight;
            }

            v0.CopyTo(values.Slice(k, 8));
            v1.CopyTo(values.Slice(k + 8, 8));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> Exact(SvcProblem problem, int source, ReadOnlySpan<int> ids)
    {
        Span<double> values = stackalloc double[8];
        for (int k = 0; k < 8; k++) { values[k] = ids[k] < 0 ? 0 : problem.Kernel(source, ids[k]); }
        return Vector512.Create<double>(values);
    }
}
