using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// One step of projected gradient ascent in the L-infinity ball around x (Madry et al. 2018), x' in place:
/// <code>x'[i] = clamp(x[i] + clip(x'[i] + stepSize * sign(g[i]) - x[i], ±epsilon), 0, 1)</code>
/// x, g, x' [P] float32, any shape. From x' = x one step of length epsilon is the fast gradient sign method (Goodfellow et al. 2015).
/// sign(NaN) is 0 and NaN in x or x' passes, as in the tensor library.
/// <para>Moves 16 P bytes: three reads, one write.</para>
/// </summary>
public static unsafe class LinfPgdStep
{
    /// <summary>The operation on the CPU. The adversarial images must overlap neither the images nor the gradient.</summary>
    public static void Cpu(float* images, float* gradient, float* adversarial, long count, float stepSize, float epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Blocks.Run(count, (first, length) => Step(images + first, gradient + first, adversarial + first, length, stepSize, epsilon));
    }

    /// <inheritdoc cref="Cpu(float*, float*, float*, long, float, float)"/>
    /// <exception cref="ArgumentException">The lengths differ, or the adversarial images overlap an input.</exception>
    public static void Cpu(ReadOnlySpan<float> images, ReadOnlySpan<float> gradient, Span<float> adversarial, float stepSize, float epsilon)
    {
        Lengths.Require(images.Length, adversarial.Length, nameof(images));
        Lengths.Require(gradient.Length, adversarial.Length, nameof(gradient));
        if (images.Overlaps(adversarial) || gradient.Overlaps(adversarial))
            throw new ArgumentException("The adversarial images must not overlap the images or the gradient.", nameof(adversarial));
        fixed (float* x = images, g = gradient, a = adversarial)
            Cpu(x, g, a, adversarial.Length, stepSize, epsilon);
    }

    private static void Step(float* x, float* g, float* a, long count, float stepSize, float epsilon)
    {
        int width = Vector<float>.Count;
        Vector<float> step = new(stepSize), high = new(epsilon), low = new(-epsilon);
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<float> first = Stepped(Vector.Load(x + i), Vector.Load(g + i), Vector.Load(a + i), step, low, high);
            Vector<float> second = Stepped(Vector.Load(x + i + width), Vector.Load(g + i + width), Vector.Load(a + i + width), step, low, high);
            first.Store(a + i);
            second.Store(a + i + width);
        }
        for (; i < count; i++)
            a[i] = Stepped(x[i], g[i], a[i], stepSize, epsilon);
    }

    private static Vector<float> Stepped(Vector<float> x, Vector<float> g, Vector<float> a, Vector<float> step, Vector<float> low, Vector<float> high)
    {
        Vector<float> up = Vector.ConditionalSelect(Vector.GreaterThan(g, Vector<float>.Zero), step, Vector<float>.Zero);
        Vector<float> move = Vector.ConditionalSelect(Vector.LessThan(g, Vector<float>.Zero), -step, up);
        return Clamp(x + Clamp(a + move - x, low, high), Vector<float>.Zero, Vector<float>.One);
    }

    private static Vector<float> Clamp(Vector<float> value, Vector<float> low, Vector<float> high)
    {
        value = Vector.ConditionalSelect(Vector.LessThan(value, low), low, value);
        return Vector.ConditionalSelect(Vector.GreaterThan(value, high), high, value);
    }

    /// <summary>The operation on the GPU; threads along x share the elements. The same bits as the CPU path's, however it loads.</summary>
    /// <param name="wide">1 when all three views begin at multiples of 16 bytes.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> images, ArrayView<float> gradient, ArrayView<float> adversarial, float stepSize, float epsilon, int wide)
    {
        long alone = 0;
        if (wide != 0)
        {
            ArrayView<Float4> x4 = images.Cast<Float4>(), g4 = gradient.Cast<Float4>(), a4 = adversarial.Cast<Float4>();
            for (long i = GridStride.First(); i < a4.Length; i += GridStride.Step())
            {
                Float4 x = x4[i], g = g4[i], a = a4[i];
                a4[i] = new Float4(Stepped(x.X, g.X, a.X, stepSize, epsilon), Stepped(x.Y, g.Y, a.Y, stepSize, epsilon),
                    Stepped(x.Z, g.Z, a.Z, stepSize, epsilon), Stepped(x.W, g.W, a.W, stepSize, epsilon));
            }
            alone = a4.Length * 4;
        }
        for (long i = alone + GridStride.First(); i < adversarial.Length; i += GridStride.Step())
            adversarial[i] = Stepped(images[i], gradient[i], adversarial[i], stepSize, epsilon);
    }

    private static float Stepped(float x, float g, float a, float step, float epsilon)
    {
        float move = g > 0 ? step : g < 0 ? -step : 0;
        return Clamp(x + Clamp(a + move - x, -epsilon, epsilon), 0, 1);
    }

    // Not min and max, which lose NaN on the device.
    private static float Clamp(float value, float low, float high)
    {
        float floored = value < low ? low : value;
        return floored > high ? high : floored;
    }
}
