using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Adds a gradient to the running importance of every weight:
/// <code>omega[i] += scale * |g[i]|    or    omega[i] += scale * g[i]^2</code>
/// omega, g [P] float32. The scale is one over the number of gradients that will be added.
/// <para>Moves 12 P bytes.</para>
/// </summary>
public static unsafe class ImportanceAccumulation
{
    /// <summary>The operation on the CPU. The two arrays must not overlap.</summary>
    public static void Cpu(float* omega, float* gradient, long count, float scale, ImportanceMeasure measure)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (measure is not (ImportanceMeasure.Absolute or ImportanceMeasure.Squared))
            throw new ArgumentOutOfRangeException(nameof(measure), measure, "Choose Absolute or Squared.");
        bool squared = measure == ImportanceMeasure.Squared;
        Blocks.Run(count, (first, length) =>
        {
            if (squared)
                AddSquared(omega + first, gradient + first, length, scale);
            else
                AddAbsolute(omega + first, gradient + first, length, scale);
        });
    }

    /// <inheritdoc cref="Cpu(float*, float*, long, float, ImportanceMeasure)"/>
    /// <exception cref="ArgumentException">The lengths differ or the arrays overlap.</exception>
    public static void Cpu(Span<float> omega, ReadOnlySpan<float> gradient, float scale, ImportanceMeasure measure)
    {
        Lengths.Require(gradient.Length, omega.Length, nameof(gradient));
        if (gradient.Overlaps(omega))
            throw new ArgumentException("The gradient must not overlap the importance.", nameof(gradient));
        fixed (float* o = omega, g = gradient)
            Cpu(o, g, omega.Length, scale, measure);
    }

    private static void AddAbsolute(float* omega, float* g, long count, float scale)
    {
        long i = 0;
        var scales = new Vector<float>(scale);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(omega + i) + scales * Vector.Abs(Vector.Load(g + i))).Store(omega + i);
        for (; i < count; i++)
            omega[i] += scale * MathF.Abs(g[i]);
    }

    private static void AddSquared(float* omega, float* g, long count, float scale)
    {
        long i = 0;
        var scales = new Vector<float>(scale);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.Load(g + i);
            (Vector.Load(omega + i) + scales * (value * value)).Store(omega + i);
        }
        for (; i < count; i++)
            omega[i] += scale * (g[i] * g[i]);
    }

    /// <summary>The absolute measure on the GPU; threads along x share the elements.</summary>
    [DeviceKernel]
    public static void AbsoluteKernel(ArrayView<float> omega, ArrayView<float> gradient, float scale)
    {
        for (long i = GridStride.First(); i < omega.Length; i += GridStride.Step())
            omega[i] += scale * XMath.Abs(gradient[i]);
    }

    /// <summary>The squared measure on the GPU; threads along x share the elements.</summary>
    [DeviceKernel]
    public static void SquaredKernel(ArrayView<float> omega, ArrayView<float> gradient, float scale)
    {
        for (long i = GridStride.First(); i < omega.Length; i += GridStride.Step())
        {
            float g = gradient[i];
            omega[i] += scale * (g * g);
        }
    }
}
