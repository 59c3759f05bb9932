using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Squared Frobenius norm of each sample's input gradient, the sensitivity that MU-Mis drives down:
/// <code>s[n] = sum_i g[n,i]^2</code>
/// g [N,D] float32, row-major; s [N] float32. Accumulated in float64 on the CPU and by a fixed tree of float32 sums on the GPU; both
/// repeat bit for bit, the CPU on any number of processors.
/// <para>Moves 4 N D bytes.</para>
/// </summary>
public static unsafe class InputSensitivity
{
    /// <summary>The operation on the CPU.</summary>
    public static void Cpu(float* gradient, float* result, long samples, long elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        if (elements <= Blocks.Size)
            Blocks.RunItems(samples, elements, (first, count) =>
            {
                for (long n = first; n < first + count; n++)
                    result[n] = (float)SumOfSquares(gradient + n * elements, elements);
            });
        else
            for (long n = 0; n < samples; n++)
                result[n] = (float)LongSumOfSquares(gradient + n * elements, elements);
    }

    /// <inheritdoc cref="Cpu(float*, float*, long, long)"/>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Cpu(ReadOnlySpan<float> gradient, Span<float> result, long elements)
    {
        Lengths.Require(gradient.Length, result.Length * elements, nameof(gradient));
        fixed (float* g = gradient, s = result)
            Cpu(g, s, result.Length, elements);
    }

    // A sample of many blocks: the blocks' sums, added in their order.
    private static double LongSumOfSquares(float* g, long count)
    {
        var sums = new double[Blocks.Count(count, Blocks.Size)];
        Blocks.Run(count, (first, length) => sums[first / Blocks.Size] = SumOfSquares(g + first, length));
        double total = 0;
        foreach (double sum in sums)
            total += sum;
        return total;
    }

    private static double SumOfSquares(float* g, long count)
    {
        int width = Vector<float>.Count;
        Vector<double> a = default, b = default, c = default, d = default;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector.Widen(Vector.Load(g + i), out Vector<double> g0, out Vector<double> g1);
            Vector.Widen(Vector.Load(g + i + width), out Vector<double> g2, out Vector<double> g3);
            a += g0 * g0;
            b += g1 * g1;
            c += g2 * g2;
            d += g3 * g3;
        }
        double sum = Vector.Sum(a + b + (c + d));
        for (; i < count; i++)
            sum += (double)g[i] * g[i];
        return sum;
    }

    /// <summary>
    /// The operation on the GPU: one group a sample, groups striding over the samples. Groups are one-dimensional, of whole warps.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> gradient, ArrayView<float> result, long samples, long elements)
    {
        for (long n = Grid.IdxX; n < samples; n += Grid.DimX)
        {
            float sum = 0;
            for (long i = Group.IdxX; i < elements; i += Group.DimX)
            {
                float g = gradient[n * elements + i];
                sum += g * g;
            }
            float total = GroupSum.InFirstThread(sum);
            if (Group.IdxX == 0)
                result[n] = total;
        }
    }
}
