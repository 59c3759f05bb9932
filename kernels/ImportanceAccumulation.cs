using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Adds the gradients of many tensors to the running importance of their weights:
/// <code>omega[i] += scale * |g[i]|    or    omega[i] += scale * g[i]^2</code>
/// Segments of two fields: omega, g. The scale is one over the number of gradients that will be added.
/// <para>Moves 12 P bytes for P weights.</para>
/// </summary>
public static unsafe class ImportanceAccumulation
{
    /// <summary>Fields of a segment: omega, g.</summary>
    public const int Fields = 2;

    /// <summary>The operation on the CPU. No omega may overlap anything else.</summary>
    public static void Cpu(TensorSegments segments, float scale, ImportanceMeasure measure)
    {
        segments.RequireFields(Fields, nameof(segments));
        if (measure is not (ImportanceMeasure.Absolute or ImportanceMeasure.Squared))
            throw new ArgumentOutOfRangeException(nameof(measure), measure, "Choose Absolute or Squared.");
        bool squared = measure == ImportanceMeasure.Squared;
        segments.Run((segment, first, count) =>
        {
            float* omega = segments.Pointer(segment, 0) + first, gradient = segments.Pointer(segment, 1) + first;
            if (squared)
                AddSquared(omega, gradient, count, scale);
            else
                AddAbsolute(omega, gradient, count, scale);
        });
    }

    /// <summary>The operation on one tensor.</summary>
    /// <exception cref="ArgumentException">The lengths differ or the arrays overlap.</exception>
    public static void Cpu(Span<float> omega, ReadOnlySpan<float> gradient, float scale, ImportanceMeasure measure)
    {
        Lengths.Require(gradient.Length, omega.Length, nameof(gradient));
        if (gradient.Overlaps(omega))
            throw new ArgumentException("The gradient must not overlap the importance.", nameof(gradient));
        fixed (float* o = omega, g = gradient)
            Cpu(new TensorSegments(Fields, [(nint)o, (nint)g], [omega.Length]), scale, measure);
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

    /// <summary>The operation on the GPU, over all segments; <paramref name="squared"/> is 1 for g^2 and 0 for |g|.</summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> memory, ArrayView<long> table, long segments, float scale, int squared)
    {
        ArrayView<Float4> quads = memory.Cast<Float4>();
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long chunk = Grid.IdxX; chunk < chunks; chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, Fields, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long omega = SegmentTable.Offset(table, row, 0) + first, gradient = SegmentTable.Offset(table, row, 1) + first;
            long wide = SegmentTable.Quads(table, row, Fields, count);
            for (long i = Group.IdxX; i < wide; i += Group.DimX)
            {
                Float4 o = quads[omega / 4 + i], g = quads[gradient / 4 + i];
                quads[omega / 4 + i] = new(Sum(o.X, g.X, scale, squared), Sum(o.Y, g.Y, scale, squared), Sum(o.Z, g.Z, scale, squared), Sum(o.W, g.W, scale, squared));
            }
            for (long i = wide * 4 + Group.IdxX; i < count; i += Group.DimX)
                memory[omega + i] = Sum(memory[omega + i], memory[gradient + i], scale, squared);
        }
    }

    private static float Sum(float omega, float g, float scale, int squared) => omega + scale * (squared != 0 ? g * g : XMath.Abs(g));
}
