using ILGPU;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>
/// Dot products of gradients with forget vectors, the gradient of the weights of a composition:
/// <code>r[n,k] = sum_i g[n,i] delta[k,i]</code>
/// g [N,D], delta [K,D], r [N,K], all float32, row-major. Their sum over n, [K], is the gradient of weights that all images share.
/// On the CPU lanes of float32 sum 1024 elements each time, and float64 sums those; the order is fixed, there and on the GPU.
/// <para>Moves 4 N D bytes, plus 4 K D of vectors that stay in cache from one gradient to the next.</para>
/// </summary>
public static unsafe class ForgetVectorProjection
{
    /// <summary>Elements over which the CPU sums in float32.</summary>
    private const int Chunk = 1024;

    /// <summary>Gradients that the CPU takes at a time.</summary>
    private const int Rows = 4;

    /// <summary>Vectors that the GPU takes at a time, for one reading of the gradient.</summary>
    private const int Tile = 4;

    /// <summary>The dot products of every gradient on the CPU, [N,K].</summary>
    public static void Cpu(float* gradient, float* delta, float* result, long samples, long elements, int vectors)
    {
        Validate(samples, elements, vectors);
        var sums = (double*)NativeMemory.Alloc((nuint)(samples * vectors), sizeof(double));
        try
        {
            Products(gradient, delta, sums, samples, elements, vectors);
            for (long i = 0; i < samples * vectors; i++)
                result[i] = (float)sums[i];
        }
        finally
        {
            NativeMemory.Free(sums);
        }
    }

    /// <summary>Their sums over the batch on the CPU, [K].</summary>
    public static void CpuTotal(float* gradient, float* delta, float* result, long samples, long elements, int vectors)
    {
        Validate(samples, elements, vectors);
        var sums = (double*)NativeMemory.Alloc((nuint)(samples * vectors), sizeof(double));
        try
        {
            Products(gradient, delta, sums, samples, elements, vectors);
            for (int k = 0; k < vectors; k++)
            {
                double total = 0;
                for (long n = 0; n < samples; n++)
                    total += sums[n * vectors + k];
                result[k] = (float)total;
            }
        }
        finally
        {
            NativeMemory.Free(sums);
        }
    }

    private static void Validate(long samples, long elements, int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors, ForgetVectorShape.MaxVectors);
    }

    // Four gradients and two vectors at a time: what is read of a vector serves four, and the next two vectors meet the same piece of the gradients while it
    // is in the nearest cache. Chunk after chunk along the gradients, as the processor fetches ahead.
    private static void Products(float* gradient, float* delta, double* sums, long samples, long elements, int vectors) =>
        Blocks.RunItems(samples, elements, (first, count) =>
        {
            new Span<double>(sums + first * vectors, (int)(count * vectors)).Clear();
            for (long n = 0; n < count; n += Rows)
            {
                float* rows = gradient + (first + n) * elements;
                double* rowSums = sums + (first + n) * vectors;
                for (long i = 0; i < elements; i += Chunk)
                    for (int k = 0; k < vectors; k += 2)
                        AddDots(rows + i, delta + k * elements + i, elements, Math.Min(Chunk, elements - i), (int)Math.Min(Rows, count - n), Math.Min(2, vectors - k), rowSums + k, vectors);
            }
        });

    // Where fewer than four gradients or two vectors are left, the last is taken again in place of those that are missing, and its results are not used.
    private static void AddDots(float* g, float* delta, long stride, long count, int rows, int vectors, double* sums, int sumStride)
    {
        int width = Vector<float>.Count, last = rows - 1;
        float* g1 = g + Math.Min(1, last) * stride, g2 = g + Math.Min(2, last) * stride, g3 = g + Math.Min(3, last) * stride, d1 = delta + (vectors - 1) * stride;
        Vector<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        long i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<float> d = Vector.Load(delta + i), e = Vector.Load(d1 + i), x = Vector.Load(g + i);
            a0 = Vector.FusedMultiplyAdd(x, d, a0);
            b0 = Vector.FusedMultiplyAdd(x, e, b0);
            x = Vector.Load(g1 + i);
            a1 = Vector.FusedMultiplyAdd(x, d, a1);
            b1 = Vector.FusedMultiplyAdd(x, e, b1);
            x = Vector.Load(g2 + i);
            a2 = Vector.FusedMultiplyAdd(x, d, a2);
            b2 = Vector.FusedMultiplyAdd(x, e, b2);
            x = Vector.Load(g3 + i);
            a3 = Vector.FusedMultiplyAdd(x, d, a3);
            b3 = Vector.FusedMultiplyAdd(x, e, b3);
        }
        double* dots = stackalloc double[2 * Rows] { Vector.Sum(a0), Vector.Sum(a1), Vector.Sum(a2), Vector.Sum(a3), Vector.Sum(b0), Vector.Sum(b1), Vector.Sum(b2), Vector.Sum(b3) };
        for (int v = 0; v < vectors; v++)
            for (int n = 0; n < rows; n++)
            {
                double dot = dots[v * Rows + n];
                for (long j = i; j < count; j++)
                    dot += (double)g[n * stride + j] * delta[v * stride + j];
                sums[n * sumStride + v] += dot;
            }
    }

    /// <summary>Groups that the GPU's kernel has work for: one for every sample and every <see cref="Tile"/> vectors.</summary>
    public static long Groups(long samples, int vectors) => samples * ((vectors + Tile - 1) / Tile);

    /// <summary>The dot products on the GPU: a group for a gradient and four vectors.</summary>
    /// <param name="gradient">[N,D], or the sums [P,D] of <see cref="BatchSums.Kernel"/> where only the products' total is asked for.</param>
    /// <param name="delta">[K,D].</param>
    /// <param name="result">[N,K].</param>
    /// <param name="samples">N.</param>
    /// <param name="elements">D.</param>
    /// <param name="vectors">K.</param>
    /// <param name="wide">1 when gradient and delta begin at multiples of 16 bytes and D is a multiple of 4.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> gradient, ArrayView<float> delta, ArrayView<float> result, long samples, long elements, int vectors, int wide)
    {
        long tiles = (vectors + Tile - 1) / Tile;
        for (long item = Grid.IdxX; item < samples * tiles; item += Grid.DimX)
        {
            long n = item / tiles, k = (item - n * tiles) * Tile, row = n * elements, left = vectors - k, first = k * elements;
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            if (wide != 0)
            {
                ArrayView<Float4> g = gradient.Cast<Float4>(), d = delta.Cast<Float4>();
                long quads = elements / 4;
                row /= 4;
                first /= 4;
                for (long i = Group.IdxX; i < quads; i += Group.DimX)
                {
                    Float4 x = g[row + i];
                    s0 += Dot(x, d[first + i]);
                    if (left > 1)
                        s1 += Dot(x, d[first + quads + i]);
                    if (left > 2)
                        s2 += Dot(x, d[first + 2 * quads + i]);
                    if (left > 3)
                        s3 += Dot(x, d[first + 3 * quads + i]);
                }
            }
            else
                for (long i = Group.IdxX; i < elements; i += Group.DimX)
                {
                    float x = gradient[row + i];
                    s0 += x * delta[first + i];
                    if (left > 1)
                        s1 += x * delta[first + elements + i];
                    if (left > 2)
                        s2 += x * delta[first + 2 * elements + i];
                    if (left > 3)
                        s3 += x * delta[first + 3 * elements + i];
                }
            long to = n * vectors + k;
            Write(result, to, s0);
            if (left > 1)
                Write(result, to + 1, s1);
            if (left > 2)
                Write(result, to + 2, s2);
            if (left > 3)
                Write(result, to + 3, s3);
        }
    }

    /// <summary>Sums [R,K] over its rows on the GPU, a warp to a column.</summary>
    [DeviceKernel]
    public static void TotalKernel(ArrayView<float> products, ArrayView<float> result, long rows, int vectors)
    {
        int warps = Group.DimX / Warp.WarpSize;
        for (long k = (long)Grid.IdxX * warps + Warp.WarpIdx; k < vectors; k += (long)Grid.DimX * warps)
        {
            float sum = 0;
            for (long n = Warp.LaneIdx; n < rows; n += Warp.WarpSize)
                sum += products[n * vectors + k];
            sum = GroupSum.OverWarp(sum);
            if (Warp.IsFirstLane)
                result[k] = sum;
        }
    }

    private static void Write(ArrayView<float> result, long to, float part)
    {
        float sum = GroupSum.InFirstThread(part);
        if (Group.IdxX == 0)
            result[to] = sum;
    }

    private static float Dot(Float4 a, Float4 b) => a.X * b.X + a.Y * b.Y + (a.Z * b.Z + a.W * b.W);
}
