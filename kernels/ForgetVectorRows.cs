using System.Numerics;
using System.Runtime.InteropServices;

namespace Lacuna.Kernels;

/// <summary>The CPU path of <see cref="ForgetVectorApplication"/> over types of images and results.</summary>
/// <param name="mean">[C], or null for no normalisation.</param>
/// <param name="deviation">[C].</param>
internal sealed unsafe class ForgetVectorRows<TX, TY, TSource, TSink>(ForgetVectorShape shape, ForgetVectorOutput output, float* mean, float* deviation)
    where TX : unmanaged where TY : unmanaged where TSource : struct, IImageSource<TX> where TSink : struct, IImageSink<TY>
{
    /// <summary>Elements that the inner loop takes at a time: four vectors of the processor, so that a cache line of each vector is used whole while it is there.</summary>
    private static readonly int Step = 4 * Vector<float>.Count;

    internal void Run(TX* x, float* delta, float* weights, TY* y)
    {
        long elements = shape.Elements, parts = Blocks.Count(elements, Blocks.Size);
        bool stream = false;
        float* means = Table(mean), deviations = Table(deviation);
        try
        {
            if (parts == 1)
                Blocks.RunItems(shape.Samples, elements, (first, count) =>
                {
                    for (long n = first; n < first + count; n++)
                        Part(x + n * elements, delta, weights + n * shape.WeightStride, y + n * elements, 0, elements, means, deviations, stream);
                });
            else
                Blocks.Each(shape.Samples * parts, item =>
                {
                    long n = item / parts, first = (item - n * parts) * Blocks.Size;
                    Part(x + n * elements, delta, weights + n * shape.WeightStride, y + n * elements, first, Math.Min(Blocks.Size, elements - first), means, deviations, stream);
                });
        }
        finally
        {
            NativeMemory.Free(means);
            NativeMemory.Free(deviations);
        }
    }

    // What the inner loop meets, in its order: of planes each channel's number Step times over; of interleaved channels all of them, Step times over,
    // so that every step begins at a multiple of Step.
    private float* Table(float* values)
    {
        if (values == null)
            return null;
        var table = (float*)NativeMemory.Alloc((nuint)output.Channels, (nuint)(Step * sizeof(float)));
        for (long i = 0; i < (long)output.Channels * Step; i++)
            table[i] = values[output.Plane == 1 ? i % output.Channels : i / Step];
        return table;
    }

    private void Part(TX* x, float* delta, float* weights, TY* y, long first, long count, float* means, float* deviations, bool stream)
    {
        if (means == null)
            Stretch(x + first, delta + first, weights, y + first, count, null, null, 0, 0, stream);
        else if (output.Plane == 1)
        {
            long period = (long)output.Channels * Step; // first is a multiple of Step
            Stretch(x + first, delta + first, weights, y + first, count, means, deviations, period, first % period, stream);
        }
        else
            for (long i = first; i < first + count;)
            {
                long plane = i / output.Plane, length = Math.Min((plane + 1) * output.Plane, first + count) - i, table = plane % output.Channels * Step;
                Stretch(x + i, delta + i, weights, y + i, length, means + table, deviations + table, Step, 0, stream);
                i += length;
            }
    }

    private void Stretch(TX* x, float* delta, float* weights, TY* y, long count, float* means, float* deviations, long period, long phase, bool stream)
    {
        int width = Vector<float>.Count, step = Step, vectors = shape.Vectors;
        long stride = shape.Elements;
        Vector<float> low = new(output.Low), high = new(output.High);
        stream &= (nuint)y % (nuint)Vector<byte>.Count == 0;
        long i = 0;
        for (; i <= count - step; i += step)
        {
            float* v = delta + i;
            var w = new Vector<float>(weights[0]);
            Vector<float> a = w * Vector.Load(v), b = w * Vector.Load(v + width), c = w * Vector.Load(v + 2 * width), d = w * Vector.Load(v + 3 * width);
            for (int k = 1; k < vectors; k++)
            {
                v += stride;
                w = new(weights[k]);
                a += w * Vector.Load(v);
                b += w * Vector.Load(v + width);
                c += w * Vector.Load(v + 2 * width);
                d += w * Vector.Load(v + 3 * width);
            }
            TSource.Load(x + i, out Vector<float> xa, out Vector<float> xb, out Vector<float> xc, out Vector<float> xd);
            a = Clamp(xa + a, low, high);
            b = Clamp(xb + b, low, high);
            c = Clamp(xc + c, low, high);
            d = Clamp(xd + d, low, high);
            if (means != null)
            {
                float* m = means + phase, s = deviations + phase;
                a = (a - Vector.Load(m)) / Vector.Load(s);
                b = (b - Vector.Load(m + width)) / Vector.Load(s + width);
                c = (c - Vector.Load(m + 2 * width)) / Vector.Load(s + 2 * width);
                d = (d - Vector.Load(m + 3 * width)) / Vector.Load(s + 3 * width);
                phase = phase + step == period ? 0 : phase + step;
            }
            if (stream)
                TSink.Stream(y + i, a, b, c, d);
            else
                TSink.Store(y + i, a, b, c, d);
        }
        if (stream)
            Thread.MemoryBarrier(); // stores past the caches must not be overtaken by the word that they are done
        for (; i < count; i++, phase++)
        {
            float shift = weights[0] * delta[i];
            for (int k = 1; k < vectors; k++)
                shift += weights[k] * delta[k * stride + i];
            float value = ForgetVectorApplication.Clamp(TSource.ToSingle(x[i]) + shift, output.Low, output.High);
            y[i] = TSink.FromSingle(means == null ? value : (value - means[phase]) / deviations[phase]);
        }
    }

    private static Vector<float> Clamp(Vector<float> value, Vector<float> low, Vector<float> high)
    {
        value = Vector.ConditionalSelect(Vector.LessThan(value, low), low, value);
        return Vector.ConditionalSelect(Vector.GreaterThan(value, high), high, value);
    }
}
