using System.Buffers;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Batch norm with the batch's own statistics (Ioffe and Szegedy 2015, algorithm 1) on channels-last activations, with what follows it in the same pass:
/// <code>
/// x'[m,c] = (y[m,c] - mean[c]) inverse[c],   inverse[c] = 1 / sqrt(variance[c] + epsilon)
/// z[m,c] = gamma[c] x'[m,c] + beta[c] + s[m,c],   then, as asked,   z = min(max(z, 0), ceiling)
/// running mean += momentum (mean - running mean),   running variance += momentum (variance M / (M - 1) - running variance)
/// backward, of g by z before the ReLU:   dbeta = sum of g,   dgamma = sum of g x',   dy = gamma inverse (g - dbeta / M - x' dgamma / M)
/// </code>
/// y, s, z, g, dy [M,C] float32, the rest [C]; M = N H W. Sums are those of <see cref="BatchMoments"/>. dy takes the place of y, which nothing needs after it.
/// <para>Moves 12 M C bytes forward, 4 M C more with s, and 20 M C backward; by operators normalisation, addition and ReLU are passes and tensors of their own.</para>
/// For the CPU alone: on CUDA the tensor library's batch norm is the way.
/// </summary>
public static unsafe class BatchNormalisation
{
    /// <summary>The operation.</summary>
    /// <param name="y">[M,C].</param>
    /// <param name="addend">s; null for none.</param>
    /// <param name="gamma">[C].</param>
    /// <param name="beta">[C].</param>
    /// <param name="output">z, written; may be the memory of y or s.</param>
    /// <param name="mean">[C], written.</param>
    /// <param name="inverse">[C], written.</param>
    /// <param name="runningMean">[C], brought up to date.</param>
    /// <param name="runningVariance">[C], brought up to date.</param>
    /// <param name="rows">M, at least 2.</param>
    /// <param name="channels">C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The new batch's weight in the running statistics.</param>
    /// <param name="ceiling">Of the ReLU, infinity for a plain one; null for none.</param>
    public static void Cpu(float* y, float* addend, float* gamma, float* beta, float* output, float* mean, float* inverse, float* runningMean, float* runningVariance,
        long rows, int channels, double epsilon, double momentum, float? ceiling)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        double[] means = new double[channels], variances = new double[channels], scales = new double[channels], shifts = new double[channels];
        BatchMoments.Cpu(y, rows, means, variances);
        for (int c = 0; c < channels; c++)
        {
            mean[c] = (float)means[c];
            inverse[c] = (float)(1 / Math.Sqrt(variances[c] + epsilon));
            runningMean[c] = (float)(momentum * means[c] + (1 - momentum) * runningMean[c]);
            runningVariance[c] = (float)(momentum * variances[c] * rows / (rows - 1) + (1 - momentum) * runningVariance[c]);
            scales[c] = gamma[c] / Math.Sqrt(variances[c] + epsilon);
            shifts[c] = beta[c];
            means[c] = mean[c];
        }
        Run(rows, channels, means, scales, shifts, (first, count, period, offsets, factors, terms) =>
        {
            float* from = y + first, s = addend is null ? null : addend + first, to = output + first;
            if (ceiling is { } top)
                if (s is null) Normalise<No, Yes>(from, s, to, count, period, offsets, factors, terms, top);
                else Normalise<Yes, Yes>(from, s, to, count, period, offsets, factors, terms, top);
            else
                if (s is null) Normalise<No, No>(from, s, to, count, period, offsets, factors, terms, 0);
                else Normalise<Yes, No>(from, s, to, count, period, offsets, factors, terms, 0);
        });
    }

    /// <summary>The gradients.</summary>
    /// <param name="gradient">g, [M,C].</param>
    /// <param name="y">[M,C]; dy is written over it.</param>
    /// <param name="gamma">[C].</param>
    /// <param name="mean">As the operation left it.</param>
    /// <param name="inverse">As the operation left it.</param>
    /// <param name="byGamma">dgamma, [C], written.</param>
    /// <param name="byBeta">dbeta, [C], written.</param>
    /// <param name="rows">M.</param>
    /// <param name="channels">C.</param>
    public static void GradientCpu(float* gradient, float* y, float* gamma, float* mean, float* inverse, float* byGamma, float* byBeta, long rows, int channels)
    {
        double[] means = new double[channels], totals = new double[channels], along = new double[channels], scales = new double[channels];
        for (int c = 0; c < channels; c++)
            means[c] = mean[c];
        BatchMoments.GradientCpu(gradient, y, rows, means, totals, along);
        for (int c = 0; c < channels; c++)
        {
            (byBeta[c], byGamma[c]) = ((float)totals[c], (float)(along[c] * inverse[c]));
            scales[c] = (double)gamma[c] * inverse[c];
            (totals[c], along[c]) = (-scales[c] * totals[c] / rows, -scales[c] * inverse[c] * inverse[c] * along[c] / rows);
        }
        var pattern = new ChannelPattern(channels);
        float[] memory = ArrayPool<float>.Shared.Rent(pattern.Period);
        fixed (float* start = memory)
        {
            float* slopes = start;
            pattern.Spread(along, slopes);
            Run(rows, channels, means, scales, totals, (first, count, period, offsets, factors, terms) => Differentiate(gradient + first, y + first, count, period, offsets, factors, terms, slopes));
        }
        ArrayPool<float>.Shared.Return(memory);
    }

    private delegate void Body(long first, long count, int period, float* offsets, float* factors, float* terms);

    private static void Run(long rows, int channels, double[] offsets, double[] factors, double[] terms, Body body)
    {
        var pattern = new ChannelPattern(channels);
        int period = pattern.Period;
        float[] memory = ArrayPool<float>.Shared.Rent(3 * period);
        fixed (float* start = memory)
        {
            float* spread = start;
            pattern.Spread(offsets, spread);
            pattern.Spread(factors, spread + period);
            pattern.Spread(terms, spread + 2 * period);
            long elements = rows * channels, piece = pattern.Piece(1);
            Blocks.Each(Blocks.Count(elements, piece), at => body(at * piece, Math.Min(piece, elements - at * piece), period, spread, spread + period, spread + 2 * period));
        }
        ArrayPool<float>.Shared.Return(memory);
    }

    private static void Normalise<TAddend, TRelu>(float* y, float* s, float* z, long count, int period, float* offsets, float* factors, float* terms, float ceiling)
        where TAddend : struct, IChoice where TRelu : struct, IChoice
    {
        Vector<float> most = new(ceiling);
        for (; count > 0; count -= period, y += period, z += period, s += TAddend.Is ? period : 0)
        {
            int some = (int)Math.Min(period, count), j = 0;
            for (; j <= some - Vector<float>.Count; j += Vector<float>.Count)
            {
                Vector<float> value = Vector.FusedMultiplyAdd(Vector.Load(y + j) - Vector.Load(offsets + j), Vector.Load(factors + j), Vector.Load(terms + j));
                if (TAddend.Is)
                    value += Vector.Load(s + j);
                if (TRelu.Is)
                {
                    // Selections and not min and max: NaN passes.
                    value = Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), Vector<float>.Zero, value);
                    value = Vector.ConditionalSelect(Vector.GreaterThan(value, most), most, value);
                }
                value.Store(z + j);
            }
            for (; j < some; j++)
            {
                float value = MathF.FusedMultiplyAdd(y[j] - offsets[j], factors[j], terms[j]);
                if (TAddend.Is)
                    value += s[j];
                if (TRelu.Is)
                    value = value < 0 ? 0 : value > ceiling ? ceiling : value;
                z[j] = value;
            }
        }
    }

    private static void Differentiate(float* g, float* y, long count, int period, float* offsets, float* factors, float* terms, float* slopes)
    {
        for (; count > 0; count -= period, g += period, y += period)
        {
            int some = (int)Math.Min(period, count), j = 0;
            for (; j <= some - Vector<float>.Count; j += Vector<float>.Count)
            {
                Vector<float> scaled = Vector.FusedMultiplyAdd(Vector.Load(g + j), Vector.Load(factors + j), Vector.Load(terms + j));
                Vector.FusedMultiplyAdd(Vector.Load(y + j) - Vector.Load(offsets + j), Vector.Load(slopes + j), scaled).Store(y + j);
            }
            for (; j < some; j++)
                y[j] = MathF.FusedMultiplyAdd(y[j] - offsets[j], slopes[j], MathF.FusedMultiplyAdd(g[j], factors[j], terms[j]));
        }
    }

    // As types: each choice is compiled on its own.
    private interface IChoice
    {
        static abstract bool Is { get; }
    }

    private readonly struct Yes : IChoice
    {
        public static bool Is => true;
    }

    private readonly struct No : IChoice
    {
        public static bool Is => false;
    }
}
