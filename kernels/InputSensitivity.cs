using ILGPU;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>
/// Squared Frobenius norm of each sample's input gradient, the sensitivity that MU-Mis drives down, of one gradient or of two with their difference:
/// <code>s_t[n] = sum_i t[n,i]^2    s_i[n] = sum_i r[n,i]^2    gap[n] = s_t[n] - s_i[n]</code>
/// t (target), r (irrelevant) [N,D] float32 or bfloat16, row-major; s_t, s_i, gap [N] float32. Accumulated in float64 on the CPU and by a
/// fixed tree of float32 sums on the GPU; both repeat bit for bit, the CPU on any number of processors. The difference is that of the rounded norms.
/// <para>Moves 4 N D bytes a gradient, 2 N D of bfloat16.</para>
/// </summary>
public static unsafe class InputSensitivity
{
    /// <summary>The norms of one gradient on the CPU.</summary>
    public static void Cpu(float* gradient, float* norms, long samples, long elements) =>
        Norms((byte*)gradient, sizeof(float), &OfFloats, norms, samples, elements);

    /// <summary>The norms of one gradient of bfloat16 on the CPU.</summary>
    public static void Cpu(ushort* gradient, float* norms, long samples, long elements) =>
        Norms((byte*)gradient, sizeof(ushort), &OfHalves, norms, samples, elements);

    /// <summary>The norms of two gradients and their difference on the CPU.</summary>
    public static void Cpu(float* target, float* irrelevant, float* targetNorms, float* irrelevantNorms, float* gap, long samples, long elements)
    {
        Cpu(target, targetNorms, samples, elements);
        Cpu(irrelevant, irrelevantNorms, samples, elements);
        Subtract(targetNorms, irrelevantNorms, gap, samples);
    }

    /// <summary>The norms of two gradients of bfloat16 and their difference on the CPU.</summary>
    public static void Cpu(ushort* target, ushort* irrelevant, float* targetNorms, float* irrelevantNorms, float* gap, long samples, long elements)
    {
        Cpu(target, targetNorms, samples, elements);
        Cpu(irrelevant, irrelevantNorms, samples, elements);
        Subtract(targetNorms, irrelevantNorms, gap, samples);
    }

    /// <inheritdoc cref="Cpu(float*, float*, long, long)"/>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Cpu(ReadOnlySpan<float> gradient, Span<float> norms, long elements)
    {
        Lengths.Require(gradient.Length, norms.Length * elements, nameof(gradient));
        fixed (float* g = gradient, s = norms)
            Cpu(g, s, norms.Length, elements);
    }

    private static void Norms(byte* gradient, int elementBytes, delegate*<byte*, long, double> sumOfSquares, float* norms, long samples, long elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        if (elements <= Blocks.Size)
        {
            Blocks.RunItems(samples, elements, (first, count) =>
            {
                for (long n = first; n < first + count; n++)
                    norms[n] = (float)sumOfSquares(gradient + n * elements * elementBytes, elements);
            });
            return;
        }
        // A sample of many blocks: the blocks' sums, added in their order.
        long parts = Blocks.Count(elements, Blocks.Size);
        var sums = (double*)NativeMemory.Alloc((nuint)(samples * parts), sizeof(double));
        try
        {
            Blocks.Each(samples * parts, item =>
            {
                long n = item / parts, first = (item - n * parts) * Blocks.Size;
                sums[item] = sumOfSquares(gradient + (n * elements + first) * elementBytes, Math.Min(Blocks.Size, elements - first));
            });
            for (long n = 0; n < samples; n++)
            {
                double total = 0;
                for (long part = 0; part < parts; part++)
                    total += sums[n * parts + part];
                norms[n] = (float)total;
            }
        }
        finally
        {
            NativeMemory.Free(sums);
        }
    }

    private static void Subtract(float* a, float* b, float* difference, long count)
    {
        for (long n = 0; n < count; n++)
            difference[n] = a[n] - b[n];
    }

    private static double OfFloats(byte* gradient, long count) => SquareSum.Of((float*)gradient, count);

    private static double OfHalves(byte* gradient, long count)
    {
        var g = (ushort*)gradient;
        int width = Vector<ushort>.Count;
        Vector<double> a = default, b = default, c = default, d = default;
        long i = 0;
        for (; i <= count - width; i += width)
        {
            BFloat16Vector.Load(g + i, out Vector<float> first, out Vector<float> second);
            SquareSum.Add(first, second, ref a, ref b, ref c, ref d);
        }
        double sum = Vector.Sum(a + b + (c + d));
        for (; i < count; i++)
        {
            double value = BFloat16.ToSingle(g[i]);
            sum += value * value;
        }
        return sum;
    }

    /// <summary>
    /// S, into how many slices the GPU cuts each sample: 1 unless the samples are too few to keep a device busy. Depends on the shape alone, so that
    /// every device sums in the same order. With more than one, the kernels' sums are partial ones, [N,S], for <see cref="SliceKernel"/> to add.
    /// </summary>
    public static long Slices(long samples, long elements)
    {
        const long Groups = 2048, Smallest = 4096; // of the largest devices at once; elements worth a group
        return samples == 0 || samples >= Groups / 2 ? 1 : Math.Clamp(Groups / samples, 1, Math.Max(1, elements / Smallest));
    }

    /// <summary>
    /// The sums of squares on the GPU: a group for each slice of each sample, striding over them.
    /// </summary>
    /// <param name="target">[N,D].</param>
    /// <param name="irrelevant">[N,D], or empty for one gradient only.</param>
    /// <param name="targetSums">[N,S].</param>
    /// <param name="irrelevantSums">[N,S], or empty.</param>
    /// <param name="gap">[N,S], or empty where it is not asked for or <see cref="SliceKernel"/> follows.</param>
    /// <param name="samples">N.</param>
    /// <param name="elements">D.</param>
    /// <param name="slices">S.</param>
    /// <param name="wide">1 when the gradients begin at multiples of 16 bytes and D is a multiple of 8, or N is 1.</param>
    [DeviceKernel]
    public static void FloatKernel(ArrayView<float> target, ArrayView<float> irrelevant, ArrayView<float> targetSums, ArrayView<float> irrelevantSums, ArrayView<float> gap,
        long samples, long elements, long slices, int wide) =>
        Sums<float, FloatSquares>(target, irrelevant, targetSums, irrelevantSums, gap, samples, elements, slices, wide);

    /// <summary>As <see cref="FloatKernel"/>, of bfloat16.</summary>
    [DeviceKernel]
    public static void HalfKernel(ArrayView<ushort> target, ArrayView<ushort> irrelevant, ArrayView<float> targetSums, ArrayView<float> irrelevantSums, ArrayView<float> gap,
        long samples, long elements, long slices, int wide) =>
        Sums<ushort, HalfSquares>(target, irrelevant, targetSums, irrelevantSums, gap, samples, elements, slices, wide);

    private static void Sums<T, TSquares>(ArrayView<T> target, ArrayView<T> irrelevant, ArrayView<float> targetSums, ArrayView<float> irrelevantSums, ArrayView<float> gap,
        long samples, long elements, long slices, int wide) where T : unmanaged where TSquares : struct, IGradientSquares<T>
    {
        long length = ((elements + slices - 1) / slices + 7) / 8 * 8; // so that a slice is aligned where its sample is
        for (long item = Grid.IdxX; item < samples * slices; item += Grid.DimX)
        {
            long n = item / slices, first = (item - n * slices) * length, left = elements - first;
            long count = left < 0 ? 0 : left < length ? left : length;
            float t = GroupSum.InFirstThread(TSquares.OfThread(target, n * elements + first, count, wide));
            if (Group.IdxX == 0)
                targetSums[item] = t;
            if (irrelevantSums.Length > 0)
            {
                float r = GroupSum.InFirstThread(TSquares.OfThread(irrelevant, n * elements + first, count, wide));
                if (Group.IdxX == 0)
                {
                    irrelevantSums[item] = r;
                    if (gap.Length > 0)
                        gap[item] = t - r;
                }
            }
        }
    }

    /// <summary>Adds the slices' sums on the GPU, a warp to a sample. The arguments are as those of <see cref="FloatKernel"/>; the results [N].</summary>
    [DeviceKernel]
    public static void SliceKernel(ArrayView<float> targetSums, ArrayView<float> irrelevantSums, ArrayView<float> targetNorms, ArrayView<float> irrelevantNorms, ArrayView<float> gap,
        long samples, long slices)
    {
        long warps = Group.DimX / Warp.WarpSize;
        for (long n = Grid.IdxX * warps + Warp.WarpIdx; n < samples; n += Grid.DimX * warps)
        {
            float t = OfSlices(targetSums, n * slices, slices);
            if (Warp.IsFirstLane)
                targetNorms[n] = t;
            if (irrelevantSums.Length > 0)
            {
                float r = OfSlices(irrelevantSums, n * slices, slices);
                if (Warp.IsFirstLane)
                {
                    irrelevantNorms[n] = r;
                    gap[n] = t - r;
                }
            }
        }
    }

    private static float OfSlices(ArrayView<float> sums, long first, long slices)
    {
        float sum = 0;
        for (long s = Warp.LaneIdx; s < slices; s += Warp.WarpSize)
            sum += sums[first + s];
        return GroupSum.OverWarp(sum);
    }
}
