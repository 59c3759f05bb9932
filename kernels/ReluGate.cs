using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// What stands between the convolutions of a network with ReLUs, in place and in one pass. Forward, with an optional shortcut s:
/// <code>y[i] = min(max(y[i] + s[i], 0), ceiling)</code>
/// and for gradients and tangents, which pass where the activation h left its bounds open, with an optional second path s:
/// <code>g[i] = 0 &lt; h[i] &lt; ceiling ? g[i] + s[i] : 0</code>
/// y, g, h, s [P] float32, any shape in one order. The ceiling is infinity for ReLU and 6 for ReLU6. NaN in y passes, as in the tensor library; where h is NaN
/// nothing passes.
/// <para>Moves 8 P bytes forward and 12 P for gradients, 4 P more with s; by operators each addition and each ReLU is a pass, and a tensor, of its own.</para>
/// </summary>
public static unsafe class ReluGate
{
    /// <summary>The forward operation on the CPU; s may be null.</summary>
    public static void ForwardCpu(float* y, float* s, long count, float ceiling)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Blocks.Run(count, (first, length) => Forward(y + first, s is null ? null : s + first, length, ceiling));
    }

    /// <summary>The operation for gradients on the CPU; s may be null.</summary>
    public static void GateCpu(float* g, float* s, float* h, long count, float ceiling)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Blocks.Run(count, (first, length) => Gate(g + first, s is null ? null : s + first, h + first, length, ceiling));
    }

    /// <inheritdoc cref="ForwardCpu(float*, float*, long, float)"/>
    /// <param name="s">Empty for none.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ForwardCpu(Span<float> y, ReadOnlySpan<float> s, float ceiling)
    {
        if (!s.IsEmpty) Lengths.Require(s.Length, y.Length, nameof(s));
        fixed (float* yy = y, ss = s)
            ForwardCpu(yy, ss, y.Length, ceiling);
    }

    /// <inheritdoc cref="GateCpu(float*, float*, float*, long, float)"/>
    /// <param name="s">Empty for none.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void GateCpu(Span<float> g, ReadOnlySpan<float> s, ReadOnlySpan<float> h, float ceiling)
    {
        if (!s.IsEmpty) Lengths.Require(s.Length, g.Length, nameof(s));
        Lengths.Require(h.Length, g.Length, nameof(h));
        fixed (float* gg = g, ss = s, hh = h)
            GateCpu(gg, ss, hh, g.Length, ceiling);
    }

    private static void Forward(float* y, float* s, long count, float ceiling)
    {
        int width = Vector<float>.Count;
        Vector<float> most = new(ceiling);
        long i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<float> sum = s is null ? Vector.Load(y + i) : Vector.Load(y + i) + Vector.Load(s + i);
            // Selections and not min and max: NaN passes.
            sum = Vector.ConditionalSelect(Vector.LessThan(sum, Vector<float>.Zero), Vector<float>.Zero, sum);
            Vector.ConditionalSelect(Vector.GreaterThan(sum, most), most, sum).Store(y + i);
        }
        for (; i < count; i++)
            y[i] = Clamped(s is null ? y[i] : y[i] + s[i], ceiling);
    }

    private static void Gate(float* g, float* s, float* h, long count, float ceiling)
    {
        int width = Vector<float>.Count;
        Vector<float> most = new(ceiling);
        long i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<float> activation = Vector.Load(h + i);
            Vector<float> sum = s is null ? Vector.Load(g + i) : Vector.Load(g + i) + Vector.Load(s + i);
            Vector<int> open = Vector.GreaterThan(activation, Vector<float>.Zero) & Vector.LessThan(activation, most);
            Vector.ConditionalSelect(open, sum, Vector<float>.Zero).Store(g + i);
        }
        for (; i < count; i++)
            g[i] = h[i] > 0 && h[i] < ceiling ? s is null ? g[i] : g[i] + s[i] : 0;
    }

    /// <summary>The forward operation on the GPU; threads along x share the elements. The same bits as the CPU path's.</summary>
    /// <param name="s">Empty for none.</param>
    [DeviceKernel]
    public static void ForwardKernel(ArrayView<float> y, ArrayView<float> s, float ceiling)
    {
        for (long i = GridStride.First(); i < y.Length; i += GridStride.Step())
        {
            float sum = y[i];
            if (s.Length > 0) sum += s[i];
            y[i] = Clamped(sum, ceiling);
        }
    }

    /// <summary>The operation for gradients on the GPU; threads along x share the elements. The same bits as the CPU path's.</summary>
    /// <param name="s">Empty for none.</param>
    [DeviceKernel]
    public static void GateKernel(ArrayView<float> g, ArrayView<float> s, ArrayView<float> h, float ceiling)
    {
        for (long i = GridStride.First(); i < g.Length; i += GridStride.Step())
        {
            float sum = g[i];
            if (s.Length > 0) sum += s[i];
            float activation = h[i];
            g[i] = activation > 0 && activation < ceiling ? sum : 0f;
        }
    }

    private static float Clamped(float value, float ceiling)
    {
        float floored = value < 0 ? 0 : value;
        return floored > ceiling ? ceiling : floored;
    }
}
