using ILGPU;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>
/// Adds forget vectors to a batch of images:
/// <code>y[n,i] = (clamp(x[n,i] + sum_k w[n,k] delta[k,i], low, high) - mean[c(i)]) / deviation[c(i)]</code>
/// x [N,D] float32, or uint8 that stands for x / 255; y [N,D] float32 or bfloat16; delta [K,D], w [K] or [N,K], mean and deviation [C] float32;
/// row-major. c(i) is the channel of element i, of planes or interleaved (<see cref="ForgetVectorOutput"/>); without means nothing is normalised.
/// One vector with weight 1 is the plain forget vector; more of them are a composition of unlearning tasks (forget-vector paper, section 4).
/// The sum is taken in the order of k and then added to x. The clamp passes NaN on, as the tensor library's does; infinite bounds switch it off.
/// <para>Moves N D (bytes of an x + bytes of a y), plus 4 K D of vectors that stay in cache from one image to the next.</para>
/// </summary>
public static unsafe class ForgetVectorApplication
{
    /// <summary>The operation on the CPU. <paramref name="y"/> may be <paramref name="x"/> itself but overlap nothing otherwise.</summary>
    /// <param name="x">[N,D].</param>
    /// <param name="delta">[K,D].</param>
    /// <param name="weights">[K] or [N,K].</param>
    /// <param name="y">[N,D].</param>
    /// <param name="shape">N, D, K.</param>
    /// <param name="output">Bounds and channels.</param>
    /// <param name="mean">[C], not read without channels.</param>
    /// <param name="deviation">[C], not read without channels.</param>
    public static void Cpu(float* x, float* delta, float* weights, float* y, ForgetVectorShape shape, ForgetVectorOutput output, float* mean = null, float* deviation = null) =>
        Run<float, float, FloatElements, FloatElements>(x, delta, weights, y, shape, output, mean, deviation);

    /// <inheritdoc cref="Cpu(float*, float*, float*, float*, ForgetVectorShape, ForgetVectorOutput, float*, float*)"/>
    public static void Cpu(float* x, float* delta, float* weights, ushort* y, ForgetVectorShape shape, ForgetVectorOutput output, float* mean = null, float* deviation = null) =>
        Run<float, ushort, FloatElements, HalfElements>(x, delta, weights, y, shape, output, mean, deviation);

    /// <inheritdoc cref="Cpu(float*, float*, float*, float*, ForgetVectorShape, ForgetVectorOutput, float*, float*)"/>
    public static void Cpu(byte* x, float* delta, float* weights, float* y, ForgetVectorShape shape, ForgetVectorOutput output, float* mean = null, float* deviation = null) =>
        Run<byte, float, ByteElements, FloatElements>(x, delta, weights, y, shape, output, mean, deviation);

    /// <inheritdoc cref="Cpu(float*, float*, float*, float*, ForgetVectorShape, ForgetVectorOutput, float*, float*)"/>
    public static void Cpu(byte* x, float* delta, float* weights, ushort* y, ForgetVectorShape shape, ForgetVectorOutput output, float* mean = null, float* deviation = null) =>
        Run<byte, ushort, ByteElements, HalfElements>(x, delta, weights, y, shape, output, mean, deviation);

    /// <summary>The operation on the CPU, float32 to float32 without normalisation.</summary>
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
            Cpu(px, pd, pw, py, shape, new(low, high));
    }

    private static void Run<TX, TY, TSource, TSink>(TX* x, float* delta, float* weights, TY* y, ForgetVectorShape shape, ForgetVectorOutput output, float* mean, float* deviation)
        where TX : unmanaged where TY : unmanaged where TSource : struct, IImageSource<TX> where TSink : struct, IImageSink<TY>
    {
        shape.Validate();
        output.Validate();
        if (shape.Samples == 0 || shape.Elements == 0)
            return;
        if (output.Channels == 0)
            mean = deviation = null;
        if (shape.WeightsPerSample || shape.Vectors == 1)
        {
            new ForgetVectorRows<TX, TY, TSource, TSink>(shape, output, mean, deviation).Run(x, delta, weights, y);
            return;
        }
        // Weights that all images share: K vectors become one first, by the same loop from images of -0, the zero that changes no sum.
        float one = 1;
        var combined = (float*)NativeMemory.Alloc((nuint)shape.Elements, sizeof(float));
        try
        {
            Blocks.Run(shape.Elements, (first, count) => new Span<float>(combined + first, (int)count).Fill(-0f));
            new ForgetVectorRows<float, float, FloatElements, FloatElements>(shape with { Samples = 1 }, ForgetVectorOutput.Plain, null, null).Run(combined, delta, weights, combined);
            new ForgetVectorRows<TX, TY, TSource, TSink>(shape with { Vectors = 1 }, output, mean, deviation).Run(x, combined, &one, y);
        }
        finally
        {
            NativeMemory.Free(combined);
        }
    }

    /// <summary>Images that a thread works on at a time: their loads are on the way together, and vectors and channels are looked up once for all.</summary>
    private const int Rows = 4;

    /// <summary>The operation on the GPU; the threads of the grid share pieces of four images by four elements, or by one where accesses are not wide.</summary>
    /// <param name="x">[N,D].</param>
    /// <param name="delta">[K,D].</param>
    /// <param name="weights">[K], or [N,K] with as many elements.</param>
    /// <param name="mean">[C], or empty for no normalisation.</param>
    /// <param name="deviation">[C], or empty.</param>
    /// <param name="y">[N,D]; may be x.</param>
    /// <param name="samples">N.</param>
    /// <param name="elements">D.</param>
    /// <param name="vectors">K.</param>
    /// <param name="plane">Consecutive elements of one channel.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="wide">1 when x, delta and y begin at multiples of 16 bytes and D is a multiple of 4.</param>
    [DeviceKernel]
    public static void FloatToFloat(ArrayView<float> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> mean, ArrayView<float> deviation, ArrayView<float> y,
        long samples, long elements, int vectors, long plane, float low, float high, int wide) =>
        Share<float, float, FloatElements, FloatElements>(x, delta, weights, mean, deviation, y, samples, elements, vectors, plane, low, high, wide);

    /// <inheritdoc cref="FloatToFloat"/>
    [DeviceKernel]
    public static void FloatToHalf(ArrayView<float> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> mean, ArrayView<float> deviation, ArrayView<ushort> y,
        long samples, long elements, int vectors, long plane, float low, float high, int wide) =>
        Share<float, ushort, FloatElements, HalfElements>(x, delta, weights, mean, deviation, y, samples, elements, vectors, plane, low, high, wide);

    /// <inheritdoc cref="FloatToFloat"/>
    [DeviceKernel]
    public static void ByteToFloat(ArrayView<byte> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> mean, ArrayView<float> deviation, ArrayView<float> y,
        long samples, long elements, int vectors, long plane, float low, float high, int wide) =>
        Share<byte, float, ByteElements, FloatElements>(x, delta, weights, mean, deviation, y, samples, elements, vectors, plane, low, high, wide);

    /// <inheritdoc cref="FloatToFloat"/>
    [DeviceKernel]
    public static void ByteToHalf(ArrayView<byte> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> mean, ArrayView<float> deviation, ArrayView<ushort> y,
        long samples, long elements, int vectors, long plane, float low, float high, int wide) =>
        Share<byte, ushort, ByteElements, HalfElements>(x, delta, weights, mean, deviation, y, samples, elements, vectors, plane, low, high, wide);

    private static void Share<TX, TY, TSource, TSink>(ArrayView<TX> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<float> mean, ArrayView<float> deviation, ArrayView<TY> y,
        long samples, long elements, int vectors, long plane, float low, float high, int wide)
        where TX : unmanaged where TY : unmanaged where TSource : struct, IImageSource<TX> where TSink : struct, IImageSink<TY>
    {
        int size = wide != 0 ? 4 : 1;
        long pieces = elements / size, bands = (samples + Rows - 1) / Rows;
        long stride = weights.Length > vectors ? vectors : 0; // from one image's weights to the next one's; for one image any is right
        for (long item = GridStride.First(); item < bands * pieces; item += GridStride.Step())
        {
            long band = item / pieces, n = band * Rows, i = (item - band * pieces) * size;
            long end = n + Rows < samples ? n + Rows : samples;
            if (wide != 0)
            {
                bool normalise = mean.Length > 0;
                var (m, s) = normalise ? ByChannel(mean, deviation, i, plane) : (new Float4(0, 0, 0, 0), new Float4(1, 1, 1, 1));
                if (end == n + Rows)
                    Band<TX, TY, TSource, TSink>(x, delta, weights, y, n, i, elements, vectors, stride, low, high, m, s, normalise);
                else
                    for (; n < end; n++)
                    {
                        Float4 value = Quad.Add(TSource.Load(x, n * elements + i), Shift4(delta, weights, n * stride, i, elements, vectors));
                        TSink.Store(y, n * elements + i, Finish(value, low, high, m, s, normalise));
                    }
            }
            else
            {
                long channel = mean.Length > 0 ? i / plane % mean.Length : 0;
                for (; n < end; n++)
                {
                    float value = Clamp(TSource.ToSingle(x[n * elements + i]) + Shift(delta, weights, n * stride, i, elements, vectors), low, high);
                    y[n * elements + i] = TSink.FromSingle(mean.Length > 0 ? (value - mean[channel]) / deviation[channel] : value);
                }
            }
        }
    }

    // Four images by four elements; all loads before the first store, since the compiler cannot know that y is not x.
    private static void Band<TX, TY, TSource, TSink>(ArrayView<TX> x, ArrayView<float> delta, ArrayView<float> weights, ArrayView<TY> y,
        long n, long i, long elements, int vectors, long stride, float low, float high, Float4 m, Float4 s, bool normalise)
        where TX : unmanaged where TY : unmanaged where TSource : struct, IImageSource<TX> where TSink : struct, IImageSink<TY>
    {
        long row = n * elements + i, w = n * stride;
        Float4 x0 = TSource.Load(x, row), x1 = TSource.Load(x, row + elements), x2 = TSource.Load(x, row + 2 * elements), x3 = TSource.Load(x, row + 3 * elements);
        Float4 s0, s1, s2, s3;
        if (stride == 0)
            s0 = s1 = s2 = s3 = Shift4(delta, weights, 0, i, elements, vectors);
        else
        {
            Float4 v = FloatElements.Load(delta, i);
            s0 = Quad.Multiply(weights[w], v);
            s1 = Quad.Multiply(weights[w + stride], v);
            s2 = Quad.Multiply(weights[w + 2 * stride], v);
            s3 = Quad.Multiply(weights[w + 3 * stride], v);
            for (int k = 1; k < vectors; k++)
            {
                v = FloatElements.Load(delta, k * elements + i);
                s0 = Quad.Add(s0, Quad.Multiply(weights[w + k], v));
                s1 = Quad.Add(s1, Quad.Multiply(weights[w + stride + k], v));
                s2 = Quad.Add(s2, Quad.Multiply(weights[w + 2 * stride + k], v));
                s3 = Quad.Add(s3, Quad.Multiply(weights[w + 3 * stride + k], v));
            }
        }
        TSink.Store(y, row, Finish(Quad.Add(x0, s0), low, high, m, s, normalise));
        TSink.Store(y, row + elements, Finish(Quad.Add(x1, s1), low, high, m, s, normalise));
        TSink.Store(y, row + 2 * elements, Finish(Quad.Add(x2, s2), low, high, m, s, normalise));
        TSink.Store(y, row + 3 * elements, Finish(Quad.Add(x3, s3), low, high, m, s, normalise));
    }

    private static Float4 Shift4(ArrayView<float> delta, ArrayView<float> weights, long firstWeight, long i, long elements, int vectors)
    {
        Float4 shift = Quad.Multiply(weights[firstWeight], FloatElements.Load(delta, i));
        for (int k = 1; k < vectors; k++)
            shift = Quad.Add(shift, Quad.Multiply(weights[firstWeight + k], FloatElements.Load(delta, k * elements + i)));
        return shift;
    }

    private static float Shift(ArrayView<float> delta, ArrayView<float> weights, long firstWeight, long i, long elements, int vectors)
    {
        float shift = weights[firstWeight] * delta[i];
        for (int k = 1; k < vectors; k++)
            shift += weights[firstWeight + k] * delta[k * elements + i];
        return shift;
    }

    // The numbers of the channels of four consecutive elements.
    private static (Float4 Mean, Float4 Deviation) ByChannel(ArrayView<float> mean, ArrayView<float> deviation, long i, long plane)
    {
        long before = i / plane, at = i - before * plane, first = before % mean.Length;
        long second = After(first, at + 1, plane, mean.Length), third = After(second, at + 2, plane, mean.Length), fourth = After(third, at + 3, plane, mean.Length);
        return (new(mean[first], mean[second], mean[third], mean[fourth]), new(deviation[first], deviation[second], deviation[third], deviation[fourth]));
    }

    // The channel of an element, from the one before: the next where a plane begins, up to three elements into the planes after the first.
    private static long After(long channel, long at, long plane, long channels)
    {
        if (at != plane && at != 2 * plane && at != 3 * plane)
            return channel;
        return channel + 1 == channels ? 0 : channel + 1;
    }

    private static Float4 Finish(Float4 value, float low, float high, Float4 mean, Float4 deviation, bool normalise)
    {
        Float4 v = new(Clamp(value.X, low, high), Clamp(value.Y, low, high), Clamp(value.Z, low, high), Clamp(value.W, low, high));
        return normalise ? new((v.X - mean.X) / deviation.X, (v.Y - mean.Y) / deviation.Y, (v.Z - mean.Z) / deviation.Z, (v.W - mean.W) / deviation.W) : v;
    }

    // Not min and max, which lose NaN on the device.
    internal static float Clamp(float value, float low, float high)
    {
        float floored = value < low ? low : value;
        return floored > high ? high : floored;
    }
}
