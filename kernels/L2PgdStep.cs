using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// One step of projected gradient descent in the L2 ball (Madry et al. 2018), every sample by itself, d in place:
/// <code>
/// d[n] -= stepSize * g[n] / max(||g[n]||, 1e-6)
/// d[n]  = clamp(x[n] + d[n], 0, 1) - x[n]
/// d[n] *= min(1, epsilon / max(||d[n]||, 1e-6))
/// </code>
/// x, g, d [N,D] float32, row-major. Norms are accumulated in float64 on the CPU and by a fixed tree of float32 sums on the GPU; both repeat bit for
/// bit. A sample whose gradient holds NaN becomes NaN, and so does an element whose gradient is infinite, with its sample: as the operators have it.
/// <para>Moves 16 N D bytes: three reads, one write.</para>
/// </summary>
public static unsafe class L2PgdStep
{
    /// <summary>Norms below this count as this.</summary>
    public const float SmallestNorm = 1e-6f;

    /// <summary>Elements of a sample that a group keeps in shared memory between its passes: 16 KiB, so that eight groups of 256 threads fit a multiprocessor.</summary>
    private const int StageSize = 4096;

    /// <summary>The operation on the CPU. The delta must overlap neither the images nor the gradient.</summary>
    public static void Cpu(float* images, float* gradient, float* delta, long samples, long elements, float stepSize, float epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        if (elements <= Blocks.Size)
            Blocks.RunItems(samples, elements, (first, count) =>
            {
                for (long n = first; n < first + count; n++)
                {
                    long row = n * elements;
                    float scale = stepSize / Length(SquareSum.Of(gradient + row, elements));
                    double moved = Move(images + row, gradient + row, delta + row, elements, scale);
                    Shrink(delta + row, elements, ShrinkFactor(Length(moved), epsilon));
                }
            });
        else
            for (long n = 0; n < samples; n++)
                LongRow(images + n * elements, gradient + n * elements, delta + n * elements, elements, stepSize, epsilon);
    }

    /// <inheritdoc cref="Cpu(float*, float*, float*, long, long, float, float)"/>
    /// <exception cref="ArgumentException">A length does not fit, or the delta overlaps an input.</exception>
    public static void Cpu(ReadOnlySpan<float> images, ReadOnlySpan<float> gradient, Span<float> delta, long elements, float stepSize, float epsilon)
    {
        Lengths.Require(images.Length, delta.Length, nameof(images));
        Lengths.Require(gradient.Length, delta.Length, nameof(gradient));
        long samples = elements == 0 ? 0 : delta.Length / elements;
        Lengths.Require(delta.Length, samples * elements, nameof(delta));
        if (images.Overlaps(delta) || gradient.Overlaps(delta))
            throw new ArgumentException("The delta must not overlap the images or the gradient.", nameof(delta));
        fixed (float* x = images, g = gradient, d = delta)
            Cpu(x, g, d, samples, elements, stepSize, epsilon);
    }

    // A sample of many blocks: norms are the blocks' sums, added in their order.
    private static void LongRow(float* x, float* g, float* d, long elements, float stepSize, float epsilon)
    {
        float scale = stepSize / Length(SquareSum.OfMany(elements, (first, count) => SquareSum.Of(g + first, count)));
        float factor = ShrinkFactor(Length(SquareSum.OfMany(elements, (first, count) => Move(x + first, g + first, d + first, count, scale))), epsilon);
        Blocks.Run(elements, (first, count) => Shrink(d + first, count, factor));
    }

    // Comparisons and not min and max: NaN passes.
    private static float Length(double squares) => AtLeastSmallest((float)Math.Sqrt(squares));

    internal static float AtLeastSmallest(float norm) => norm < SmallestNorm ? SmallestNorm : norm;

    internal static float ShrinkFactor(float norm, float epsilon)
    {
        float factor = epsilon / norm;
        return factor > 1 ? 1 : factor;
    }

    // d = clamp(x + (d - scale * g), 0, 1) - x, and the sum of its squares.
    private static double Move(float* x, float* g, float* d, long count, float scale)
    {
        int width = Vector<float>.Count;
        var scales = new Vector<float>(scale);
        Vector<double> a = default, b = default, c = default, e = default;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<float> first = Moved(Vector.Load(x + i), Vector.Load(g + i), Vector.Load(d + i), scales);
            Vector<float> second = Moved(Vector.Load(x + i + width), Vector.Load(g + i + width), Vector.Load(d + i + width), scales);
            first.Store(d + i);
            second.Store(d + i + width);
            SquareSum.Add(first, second, ref a, ref b, ref c, ref e);
        }
        double sum = Vector.Sum(a + b + (c + e));
        for (; i < count; i++)
        {
            d[i] = Moved(x[i], g[i], d[i], scale);
            sum += (double)d[i] * d[i];
        }
        return sum;
    }

    private static Vector<float> Moved(Vector<float> x, Vector<float> g, Vector<float> d, Vector<float> scale)
    {
        Vector<float> pixel = x + (d - scale * g);
        pixel = Vector.ConditionalSelect(Vector.LessThan(pixel, Vector<float>.Zero), Vector<float>.Zero, pixel);
        return Vector.ConditionalSelect(Vector.GreaterThan(pixel, Vector<float>.One), Vector<float>.One, pixel) - x;
    }

    private static float Moved(float x, float g, float d, float scale)
    {
        float pixel = x + (d - scale * g);
        pixel = pixel < 0 ? 0 : pixel;
        return (pixel > 1 ? 1 : pixel) - x;
    }

    private static void Shrink(float* d, long count, float factor)
    {
        if (factor == 1)
            return;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(d + i) * factor).Store(d + i);
        for (; i < count; i++)
            d[i] *= factor;
    }

    /// <summary>
    /// The operation on the GPU: one group a sample, groups striding over the samples. Gradient and moved delta of a sample of up to 4,096 elements
    /// stay in shared memory, where each thread touches nothing but its own; of longer samples they are read again.
    /// </summary>
    /// <param name="wide">1 when all three views begin at multiples of 16 bytes and D is a multiple of 4; the norms' trees then differ from those of 0.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> images, ArrayView<float> gradient, ArrayView<float> delta, long samples, long elements,
        float stepSize, float epsilon, int wide)
    {
        // Whole views are cast, since of a part of one the compiler would not know that it is aligned.
        ArrayView<Float4> stage = SharedMemory.Allocate<Float4>(StageSize / 4), x = images.Cast<Float4>(), g = gradient.Cast<Float4>(), d = delta.Cast<Float4>();
        bool staged = elements <= StageSize;
        for (long n = Grid.IdxX; n < samples; n += Grid.DimX)
            if (wide != 0)
                WideRow(x, g, d, n * elements / 4, elements / 4, stage, staged, stepSize, epsilon);
            else
                Row(images, gradient, delta, n * elements, elements, stage.Cast<float>(), staged, stepSize, epsilon);
    }

    private static void Row(ArrayView<float> x, ArrayView<float> g, ArrayView<float> d, long first, long count, ArrayView<float> stage, bool staged,
        float stepSize, float epsilon)
    {
        float sum = 0;
        for (long i = Group.IdxX; i < count; i += Group.DimX)
        {
            float value = g[first + i];
            if (staged)
                stage[i] = value;
            sum += value * value;
        }
        float scale = stepSize / AtLeastSmallest(XMath.Sqrt(GroupSum.InAllThreads(sum)));
        sum = 0;
        for (long i = Group.IdxX; i < count; i += Group.DimX)
        {
            float moved = Moved(x[first + i], staged ? stage[i] : g[first + i], d[first + i], scale);
            if (staged)
                stage[i] = moved;
            else
                d[first + i] = moved;
            sum += moved * moved;
        }
        float factor = ShrinkFactor(AtLeastSmallest(XMath.Sqrt(GroupSum.InAllThreads(sum))), epsilon);
        for (long i = Group.IdxX; i < count; i += Group.DimX)
            d[first + i] = (staged ? stage[i] : d[first + i]) * factor;
    }

    private static void WideRow(ArrayView<Float4> x, ArrayView<Float4> g, ArrayView<Float4> d, long first, long count, ArrayView<Float4> stage, bool staged,
        float stepSize, float epsilon)
    {
        float sum = 0;
        for (long i = Group.IdxX; i < count; i += Group.DimX)
        {
            Float4 value = g[first + i];
            if (staged)
                stage[i] = value;
            sum += Squares(value);
        }
        float scale = stepSize / AtLeastSmallest(XMath.Sqrt(GroupSum.InAllThreads(sum)));
        sum = 0;
        for (long i = Group.IdxX; i < count; i += Group.DimX)
        {
            Float4 pixels = x[first + i], slope = staged ? stage[i] : g[first + i], before = d[first + i];
            var moved = new Float4(Moved(pixels.X, slope.X, before.X, scale), Moved(pixels.Y, slope.Y, before.Y, scale),
                Moved(pixels.Z, slope.Z, before.Z, scale), Moved(pixels.W, slope.W, before.W, scale));
            if (staged)
                stage[i] = moved;
            else
                d[first + i] = moved;
            sum += Squares(moved);
        }
        float factor = ShrinkFactor(AtLeastSmallest(XMath.Sqrt(GroupSum.InAllThreads(sum))), epsilon);
        for (long i = Group.IdxX; i < count; i += Group.DimX)
        {
            Float4 moved = staged ? stage[i] : d[first + i];
            d[first + i] = new Float4(moved.X * factor, moved.Y * factor, moved.Z * factor, moved.W * factor);
        }
    }

    private static float Squares(Float4 v) => v.X * v.X + v.Y * v.Y + (v.Z * v.Z + v.W * v.W);
}
