using ILGPU;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>
/// Adds forget vectors to a batch of images:
/// <code>y[n,i] = clamp(x[n,i] + sum_k w[n,k] * delta[k,i], low, high)</code>
/// x, y [N,D]; delta [K,D]; w [K] or [N,K]; all float32, row-major. One vector with weight 1 is the plain forget vector; more of them
/// are a composition of unlearning tasks (forget-vector paper, section 4). The sum is taken in the order of k and then added to x.
/// The clamp passes NaN on, as the tensor library's does; infinite bounds switch it off.
/// <para>Moves 8 N D bytes, plus 4 K D of vectors that stay in cache from one image to the next.</para>
/// </summary>
public static unsafe class ForgetVectorApplication
{
    /// <summary>The operation on the CPU. <paramref name="y"/> may be <paramref name="x"/> itself but overlap nothing otherwise.</summary>
    public static void Cpu(float* x, float* delta, float* weights, float* y, ForgetVectorShape shape,
        float low = float.NegativeInfinity, float high = float.PositiveInfinity)
    {
        shape.Validate();
        if (shape.Samples == 0 || shape.Elements == 0)
            return;
        if (shape.WeightsPerSample || shape.Vectors == 1)
            Apply(x, delta, weights, y, shape, low, high);
        else
            ApplyCombined(x, delta, weights, y, shape, low, high);
    }

    /// <inheritdoc cref="Cpu(float*, float*, float*, float*, ForgetVectorShape, float, float)"/>
    /// <exception cref="ArgumentException">A length does not fit the shape, or y overlaps an input other than by being x.</exception>
    public static void Cpu(ReadOnlySpan<float> x, ReadOnlySpan<float> delta, ReadOnlySpan<float> weights, Span<float> y, ForgetVectorShape shape,
        float low = float.NegativeInfinity, float high = float.PositiveInfinity)
    {
        shape.Validate();
        Lengths.Require(x.Length, shape.Samples * shape.Elements, nameof(x));
        Lengths.Require(y.Length, shape.Samples * shape.Elements, nameof(y));
        Lengths.Require(delta.Length, shape.Vectors * shape.Elements, nameof(delta));
        Lengths.Require(weights.Length, shape.Weights, nameof(weights));
        if (x.Overlaps(y, out int offset) && offset != 0 || delta.Overlaps(y) || weights.Overlaps(y))
            throw new ArgumentException("The result may be the images themselves but must not overlap an input otherwise.", nameof(y));
        fixed (float* px = x, pd = delta, pw = weights, py = y)
            Cpu(px, pd, pw, py, shape, low, high);
    }

    // Weights that all images share: K vectors become one first.
    private static void ApplyCombined(float* x, float* delta, float* weights, float* y, ForgetVectorShape shape, float low, float high)
    {
        float one = 1;
        var combined = (float*)NativeMemory.AllocZeroed((nuint)shape.Elements, sizeof(float));
        try
        {
            Blocks.Run(shape.Elements, (first, count) =>
                Row(null, delta + first, shape.Elements, weights, shape.Vectors, combined + first, count, float.NegativeInfinity, float.PositiveInfinity));
            Apply(x, combined, &one, y, shape with { Vectors = 1 }, low, high);
        }
        finally
        {
            NativeMemory.Free(combined);
        }
    }

    private static void Apply(float* x, float* delta, float* weights, float* y, ForgetVectorShape shape, float low, float high)
    {
        long elements = shape.Elements;
        if (elements <= Blocks.Size)
            Blocks.RunItems(shape.Samples, elements, (first, count) =>
            {
                for (long n = first; n < first + count; n++)
                    Row(x + n * elements, delta, elements, weights + n * shape.WeightStride, shape.Vectors, y + n * elements, elements, low, high);
            });
        else
            for (long n = 0; n < shape.Samples; n++)
            {
                long row = n * elements;
                float* own = weights + n * shape.WeightStride;
                Blocks.Run(elements, (first, count) =>
                    Row(x + row + first, delta + first, elements, own, shape.Vectors, y + row + first, count, low, high));
            }
    }

    // y = clamp(x + sum_k w[k] delta[k]) over a stretch of one image; no x means zero. Four vectors of the processor at a time,
    // so that each cache line of each delta is used whole while it is there.
    private static void Row(float* x, float* delta, long stride, float* weights, int vectors, float* y, long count, float low, float high)
    {
        int width = Vector<float>.Count;
        Vector<float> lows = new(low), highs = new(high);
        long i = 0;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            float* d = delta + i;
            var w = new Vector<float>(weights[0]);
            Vector<float> a = w * Vector.Load(d), b = w * Vector.Load(d + width), c = w * Vector.Load(d + 2 * width), e = w * Vector.Load(d + 3 * width);
            for (int k = 1; k < vectors; k++)
            {
                d += stride;
                w = new(weights[k]);
                a += w * Vector.Load(d);
                b += w * Vector.Load(d + width);
                c += w * Vector.Load(d + 2 * width);
                e += w * Vector.Load(d + 3 * width);
            }
            if (x != null)
            {
                a += Vector.Load(x + i);
                b += Vector.Load(x + i + width);
                c += Vector.Load(x + i + 2 * width);
                e += Vector.Load(x + i + 3 * width);
            }
            Clamp(a, lows, highs).Store(y + i);
            Clamp(b, lows, highs).Store(y + i + width);
            Clamp(c, lows, highs).Store(y + i + 2 * width);
            Clamp(e, lows, highs).Store(y + i + 3 * width);
        }
        for (; i < count; i++)
        {
            float shift = weights[0] * delta[i];
            for (int k = 1; k < vectors; k++)
                shift += weights[k] * delta[k * stride + i];
            y[i] = Clamp(x == null ? shift : x[i] + shift, low, high);
        }
    }

    private static Vector<float> Clamp(Vector<float> value, Vector<float> low, Vector<float> high)
    {
        value = Vector.ConditionalSelect(Vector.LessThan(value, low), low, value);
        return Vector.ConditionalSelect(Vector.GreaterThan(value, high), high, value);
    }

    /// <summary>
    /// The operation on the GPU with w [K]: threads along x share the elements, groups along y the samples. A thread forms its
    /// element's sum once and adds it to all its samples.
    /// </summary>
    [DeviceKernel]
    public static void SharedWeightsKernel(ArrayView<float> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> y,
        long samples, long elements, int vectors, float low, float high)
    {
        for (long i = GridStride.First(); i < elements; i += GridStride.Step())
        {
            float shift = Shift(delta, weights, 0, i, elements, vectors);
            for (long n = Grid.IdxY; n < samples; n += Grid.DimY)
                y[n * elements + i] = Clamp(x[n * elements + i] + shift, low, high);
        }
    }

    /// <summary>The operation on the GPU with w [N,K]: threads along x share the elements, groups along y the samples.</summary>
    [DeviceKernel]
    public static void SampleWeightsKernel(ArrayView<float> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> y,
        long samples, long elements, int vectors, float low, float high)
    {
        for (long n = Grid.IdxY; n < samples; n += Grid.DimY)
            for (long i = GridStride.First(); i < elements; i += GridStride.Step())
            {
                float shift = Shift(delta, weights, n * vectors, i, elements, vectors);
                y[n * elements + i] = Clamp(x[n * elements + i] + shift, low, high);
            }
    }

    private static float Shift(ArrayView<float> delta, ArrayView<float> weights, long firstWeight, long i, long elements, int vectors)
    {
        float shift = weights[firstWeight] * delta[i];
        for (int k = 1; k < vectors; k++)
            shift += weights[firstWeight + k] * delta[k * elements + i];
        return shift;
    }

    // Not min and max, which lose NaN on the device.
    private static float Clamp(float value, float low, float high)
    {
        float floored = value < low ? low : value;
        return floored > high ? high : floored;
    }
}
