using System.Buffers;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Sums over a batch by channel that batch norm in training mode needs, of channels-last activations:
/// <code>
/// forward:   mean[c] = sum over m of y[m,c] / M,     variance[c] = sum over m of (y[m,c] - mean[c])^2 / M
/// backward:  total[c] = sum over m of g[m,c],        along[c] = sum over m of g[m,c] (y[m,c] - mean[c])
/// </code>
/// y, g [M,C] float32, M = N H W; results float64. Differences from a value near the mean (that of 64 rows) are summed over eight rows in float32 and from there in float64: one pass over memory, a few
/// roundings however many rows there are, and no cancellation where a channel's mean is large beside its deviation. Sums in float32 alone lose half their digits on as many numbers as
/// a batch has: that is what made the tensor library's batch norm coarse on channels-last memory.
/// <para>The cut into pieces depends on M and C alone, so results repeat bit for bit on any number of processors. Moves 4 M C bytes, or 8 M C backward.</para>
/// For the CPU alone: on CUDA the tensor library's batch norm is the way.
/// </summary>
public static unsafe class BatchMoments
{
    // Rows that are added in float32 before float64 takes over.
    private const int Together = 8;

    private const int SampledRows = 64;

    private delegate void Sum(float* first, float* second, float* offsets, long count, int period, double* sums, double* others);

    /// <summary>Mean and biased variance.</summary>
    /// <param name="y">[M,C].</param>
    /// <param name="rows">M, at least 1.</param>
    /// <param name="mean">[C], written.</param>
    /// <param name="variance">[C], written.</param>
    public static void Cpu(float* y, long rows, Span<double> mean, Span<double> variance)
    {
        Near(y, rows, mean);
        for (int c = 0; c < mean.Length; c++)
            mean[c] = (float)mean[c];
        double[] offsets = mean.ToArray();
        Run(y, y, rows, offsets, mean, variance, Add<Squares>);
        for (int c = 0; c < mean.Length; c++)
        {
            double off = mean[c] / rows;
            variance[c] = Math.Max(0, variance[c] / rows - off * off);
            mean[c] = offsets[c] + off;
        }
    }

    /// <summary>The sums that gradients need.</summary>
    /// <param name="g">[M,C].</param>
    /// <param name="y">[M,C].</param>
    /// <param name="rows">M.</param>
    /// <param name="mean">[C], as float32 has it.</param>
    /// <param name="total">[C], written.</param>
    /// <param name="along">[C], written.</param>
    internal static void GradientCpu(float* g, float* y, long rows, ReadOnlySpan<double> mean, Span<double> total, Span<double> along) => Run(g, y, rows, mean, total, along, Add<Products>);

    private static void Near(float* y, long rows, Span<double> values)
    {
        values.Clear();
        for (int i = 0; i < SampledRows; i++)
            for (int c = 0; c < values.Length; c++)
                values[c] += y[rows * i / SampledRows * values.Length + c] / SampledRows;
    }

    private static void Run(float* first, float* second, long rows, ReadOnlySpan<double> offsets, Span<double> sums, Span<double> others, Sum add)
    {
        var pattern = new ChannelPattern(sums.Length);
        int period = pattern.Period;
        long elements = rows * sums.Length, piece = pattern.Piece(Together), pieces = Math.Max(1, Blocks.Count(elements, piece));
        double[] memory = ArrayPool<double>.Shared.Rent(checked((int)(2 * pieces * period)));
        float[] spread = ArrayPool<float>.Shared.Rent(period);
        fixed (double* start = memory)
        fixed (float* offset = spread)
        {
            double* partial = start;
            float* near = offset;
            pattern.Spread(offsets, near);
            Blocks.Each(pieces, at =>
            {
                double* own = partial + at * period;
                double* other = own + pieces * period;
                new Span<double>(own, period).Clear();
                new Span<double>(other, period).Clear();
                long from = at * piece;
                add(first + from, second + from, near, Math.Min(piece, elements - from), period, own, other);
            });
            pattern.Fold(memory.AsSpan(0, (int)pieces * period), sums);
            pattern.Fold(memory.AsSpan((int)pieces * period, (int)pieces * period), others);
        }
        ArrayPool<float>.Shared.Return(spread);
        ArrayPool<double>.Shared.Return(memory);
    }

    // sums += a, others += a d with d = second - offset, and a = d or a = first.
    private static void Add<TTerms>(float* first, float* second, float* offsets, long count, int period, double* sums, double* others) where TTerms : struct, ITerms
    {
        int lanes = Vector<float>.Count;
        long group = (long)Together * period;
        for (; count >= group; count -= group, first += group, second += group)
            for (int j = 0; j < period; j += lanes)
            {
                Vector<float> offset = Vector.Load(offsets + j), sum = default, product = default;
                float* a = first + j, b = second + j;
                for (int r = 0; r < Together; r += 2, a += 2 * period, b += 2 * period)
                {
                    Vector<float> d = Vector.Load(b) - offset, e = Vector.Load(b + period) - offset;
                    Vector<float> v = TTerms.AreSquares ? d : Vector.Load(a), w = TTerms.AreSquares ? e : Vector.Load(a + period);
                    sum += v + w;
                    product = Vector.FusedMultiplyAdd(w, e, Vector.FusedMultiplyAdd(v, d, product));
                }
                Widen(sum, sums + j);
                Widen(product, others + j);
            }
        for (int at = 0; count > 0; count--, at = at + 1 == period ? 0 : at + 1, first++, second++)
        {
            double d = (double)*second - offsets[at], a = TTerms.AreSquares ? d : *first;
            sums[at] += a;
            others[at] += a * d;
        }
    }

    private static void Widen(Vector<float> values, double* sums)
    {
        Vector.Widen(values, out Vector<double> low, out Vector<double> high);
        (Vector.Load(sums) + low).Store(sums);
        (Vector.Load(sums + Vector<double>.Count) + high).Store(sums + Vector<double>.Count);
    }

    private interface ITerms
    {
        static abstract bool AreSquares { get; }
    }

    private readonly struct Squares : ITerms
    {
        public static bool AreSquares => true;
    }

    private readonly struct Products : ITerms
    {
        public static bool AreSquares => false;
    }
}
