using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// First half of the sum over a batch: each of P slices of rows becomes one row.
/// <code>s[p,i] = sum of g[n,i] over the rows n of slice p</code>
/// g [N,D] float32, row-major; s [P,D] float32 on the GPU and float64 on the CPU, where trees over eight rows in float32 are summed in float64: three
/// roundings, however many rows there are. P depends on the shape alone, and the order of every sum on P, so results repeat bit for bit on any
/// device and number of processors.
/// <para>Moves 4 N D + 4 P D bytes.</para>
/// </summary>
public static unsafe class BatchSums
{
    /// <summary>Columns that the CPU sums at a time: 32 KiB of float64, which stay in a processor's nearest caches.</summary>
    private const long Columns = 4096;

    /// <summary>Elements that the CPU sums into one row at the least, when they are that many: 1 MiB.</summary>
    private const long CpuSlice = 1 << 18;

    /// <summary>Rows that are left at the most: the second half reads a line of every one for a few columns.</summary>
    private const long MostCpuSlices = 16;

    internal static long CpuSlices(long rows, long elements) => Math.Clamp(Blocks.Count(rows, Math.Max(16, CpuSlice / Math.Clamp(elements, 1, Columns))), 1, MostCpuSlices);

    /// <summary>The slices' sums on the CPU.</summary>
    internal static void Cpu(float* gradient, double* sums, long rows, long elements, long slices)
    {
        // Whole eights, as Add takes them; the last slices may be shorter or empty.
        long length = Blocks.Count(Blocks.Count(rows, slices), 8) * 8, tiles = Blocks.Count(elements, Columns);
        Blocks.Each(slices * tiles, item =>
        {
            long slice = item / tiles, column = (item - slice * tiles) * Columns, first = slice * length;
            Add(gradient + first * elements + column, elements, sums + slice * elements + column, Math.Clamp(rows - first, 0, length), Math.Min(Columns, elements - column));
        });
    }

    // Eight rows at a time, so that the sums are widened, read and written once for eight.
    private static void Add(float* g, long stride, double* sums, long rows, long count)
    {
        new Span<double>(sums, (int)count).Clear();
        int width = Vector<float>.Count;
        long n = 0;
        for (; n <= rows - 8; n += 8, g += 8 * stride)
        {
            float* g1 = g + stride, g2 = g1 + stride, g3 = g2 + stride, g4 = g3 + stride, g5 = g4 + stride, g6 = g5 + stride, g7 = g6 + stride;
            long i = 0;
            for (; i <= count - width; i += width)
            {
                Vector<float> a = Vector.Load(g + i) + Vector.Load(g1 + i) + (Vector.Load(g2 + i) + Vector.Load(g3 + i));
                Vector<float> b = Vector.Load(g4 + i) + Vector.Load(g5 + i) + (Vector.Load(g6 + i) + Vector.Load(g7 + i));
                Add(a + b, sums + i);
            }
            for (; i < count; i++)
                sums[i] += g[i] + g1[i] + (g2[i] + g3[i]) + (g4[i] + g5[i] + (g6[i] + g7[i]));
        }
        for (; n < rows; n++, g += stride)
        {
            long i = 0;
            for (; i <= count - width; i += width)
                Add(Vector.Load(g + i), sums + i);
            for (; i < count; i++)
                sums[i] += g[i];
        }
    }

    private static void Add(Vector<float> values, double* sums)
    {
        Vector.Widen(values, out Vector<double> low, out Vector<double> high);
        (Vector.Load(sums) + low).Store(sums);
        (Vector.Load(sums + Vector<double>.Count) + high).Store(sums + Vector<double>.Count);
    }

    /// <summary>
    /// P for the GPU: as many slices as keep a device busy, but of 16 rows or more. Equal to <paramref name="rows"/> when the second half sums the rows
    /// themselves as fast: this kernel is then left out.
    /// </summary>
    public static long Slices(long rows, long elements)
    {
        const long Threads = 1 << 17, FewRows = 64, ManyColumns = 1 << 15; // the second half has 8 threads a column
        if (rows <= FewRows || elements >= ManyColumns)
            return rows;
        return Math.Clamp(Threads * 4 / elements, Blocks.Count(rows, 64), Blocks.Count(rows, 16));
    }

    /// <summary>The slices' sums on the GPU; the threads of the grid share slices of four columns, or of one where accesses are not wide.</summary>
    /// <param name="gradient">[N,D].</param>
    /// <param name="sums">[P,D].</param>
    /// <param name="rows">N.</param>
    /// <param name="elements">D.</param>
    /// <param name="slices">P.</param>
    /// <param name="wide">1 when both views begin at multiples of 16 bytes and D is a multiple of 4.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> gradient, ArrayView<float> sums, long rows, long elements, long slices, int wide)
    {
        long pieces = wide != 0 ? elements / 4 : elements, length = (rows + slices - 1) / slices;
        for (long item = GridStride.First(); item < slices * pieces; item += GridStride.Step())
        {
            long slice = item / pieces, piece = item - slice * pieces, n = slice * length;
            long end = n + length < rows ? n + length : rows;
            if (wide != 0)
            {
                ArrayView<Float4> g = gradient.Cast<Float4>();
                Float4 sum = new(0, 0, 0, 0);
                long at = n * pieces + piece;
                for (; n + 3 < end; n += 4, at += 4 * pieces)
                    sum = Quad.Add(sum, Quad.Add(Quad.Add(g[at], g[at + pieces]), Quad.Add(g[at + 2 * pieces], g[at + 3 * pieces])));
                for (; n < end; n++, at += pieces)
                    sum = Quad.Add(sum, g[at]);
                sums.Cast<Float4>()[item] = sum;
            }
            else
            {
                float sum = 0;
                long at = n * pieces + piece;
                for (; n + 3 < end; n += 4, at += 4 * pieces)
                    sum += gradient[at] + gradient[at + pieces] + (gradient[at + 2 * pieces] + gradient[at + 3 * pieces]);
                for (; n < end; n++, at += pieces)
                    sum += gradient[at];
                sums[item] = sum;
            }
        }
    }
}
