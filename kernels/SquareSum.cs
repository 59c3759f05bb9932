using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>Sums of squares on the CPU, in float64, the same bits on any number of processors.</summary>
internal static unsafe class SquareSum
{
    internal delegate double Part(long first, long count);

    /// <summary>sum_i v[i]^2.</summary>
    internal static double Of(float* v, long count)
    {
        int width = Vector<float>.Count;
        Vector<double> a = default, b = default, c = default, d = default;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
            Add(Vector.Load(v + i), Vector.Load(v + i + width), ref a, ref b, ref c, ref d);
        double sum = Vector.Sum(a + b + (c + d));
        for (; i < count; i++)
            sum += (double)v[i] * v[i];
        return sum;
    }

    /// <summary>Adds the squares of two vectors to four sums.</summary>
    internal static void Add(Vector<float> first, Vector<float> second, ref Vector<double> a, ref Vector<double> b, ref Vector<double> c, ref Vector<double> d)
    {
        Vector.Widen(first, out Vector<double> v0, out Vector<double> v1);
        Vector.Widen(second, out Vector<double> v2, out Vector<double> v3);
        a += v0 * v0;
        b += v1 * v1;
        c += v2 * v2;
        d += v3 * v3;
    }

    /// <summary>The sum over blocks that run on all processors, added in the blocks' order.</summary>
    internal static double OfMany(long count, Part part)
    {
        var sums = new double[Blocks.Count(count, Blocks.Size)];
        Blocks.Run(count, (first, length) => sums[first / Blocks.Size] = part(first, length));
        double total = 0;
        foreach (double sum in sums)
            total += sum;
        return total;
    }
}
