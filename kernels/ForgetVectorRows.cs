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

    /// <summary>Bytes of results from which on they are written past the caches, which hold them no longer anyway: the lines need not be read first.</summary>
    private const long Streamed = 8 << 20;

    /// <summary>Numbers of the vectors that stay in a processor's nearest cache while an item's images pass.</summary>
    private const long Nearest = 4096;

    /// <summary>Numbers by which packed vectors are set apart, so that they do not all fall into the same places of the cache.</summary>
    private const int Padding = 16;

    internal void Run(TX* x, float* delta, float* weights, TY* y)
    {
        // Pieces of rows by columns: all columns of one vector, of more vectors so few that those stay near.
        long elements = shape.Elements, widest = shape.Vectors == 1 ? Blocks.Size : Math.Max(Step, Nearest / shape.Vectors / Step * Step);
        long columns = Math.Min(elements, widest), rows = Math.Max(1, Blocks.Size / columns), across = Blocks.Count(elements, columns);
        bool stream = shape.Samples * elements * sizeof(TY) >= Streamed && x != y;
        float* means = Table(mean), deviations = Table(deviation);
        try
        {
            Blocks.Each(Blocks.Count(shape.Samples, rows) * across, item =>
            {
                long band = item / across, first = (item - band * across) * columns, end = Math.Min(shape.Samples, (band + 1) * rows);
                long count = Math.Min(columns, elements - first), stride = columns + Padding;
                float* packed = stackalloc float[shape.Vectors == 1 ? 0 : (int)(stride * shape.Vectors)], vectors = delta + first;
                if (shape.Vectors > 1)
                {
                    for (int k = 0; k < shape.Vectors; k++)
                        Buffer.MemoryCopy(delta + k * elements + first, packed + k * stride, count * sizeof(float), count * sizeof(float));
                    vectors = packed;
                }
                for (long n = band * rows; n < end; n++)
                    Part(x + n * elements, vectors, stride, weights + n * shape.WeightStride, y + n * elements, first, count, means, deviations, stream);
                if (stream)
                    Thread.MemoryBarrier(); // stores past the caches must not be overtaken by the word that they are done
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

    // Of one image; the vectors begin where the part does.
    private void Part(TX* x, float* delta, long stride, float* weights, TY* y, long first, long count, float* means, float* deviations, bool stream)
    {
        if (means == null)
            Stretch(x + first, delta, stride, weights, y + first, count, null, null, 0, 0, stream);
        else if (output.Plane == 1)
        {
            long period = (long)output.Channels * Step; // first is a multiple of Step
            Stretch(x + first, delta, stride, weights, y + first, count, means, deviations, period, first % period, stream);
        }
        else
            for (long i = first; i < first + count;)
            {
                long plane = i / output.Plane, length = Math.Min((plane + 1) * output.Plane, first + count) - i, table = plane % output.Channels * Step;
                Stretch(x + i, delta + (i - first), stride, weights, y + i, length, means + table, deviations + table, Step, 0, stream);
                i += length;
            }
    }

    private void Stretch(TX* x, float* delta, long stride, float* weights, TY* y, long count, float* means, float* deviations, long period, long phase, bool stream)
    {
        int width = Vector<float>.Count, step = Step, vectors = shape.Vectors;
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
            if (vectors > 1)
                for (int line = 0; line < step * sizeof(TX); line += Prefetch.LineBytes)
                    Prefetch.Line((byte*)(x + i + shape.Elements) + line);
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
