using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// How strongly every weight is held, from its importance, each tensor on its own scale (L2UL, section "weight importance"):
/// <code>hold[i] = 1 - (omega[i] - min(omega)) / (max(omega) - min(omega)),    1 where the range is not above 0</code>
/// Segments of two fields: omega, hold, which may be the same memory. A tensor with a NaN has no range, so its hold is 1 throughout.
/// On the GPU three launches, with scratch memory for the extrema and nothing brought to the host: <see cref="ExtremaKernel"/>,
/// <see cref="SegmentKernel"/>, <see cref="MapKernel"/>.
/// <para>Moves 12 P bytes for P weights: omega twice, hold once.</para>
/// </summary>
public static unsafe class ImportanceHold
{
    /// <summary>Fields of a segment: omega, hold.</summary>
    public const int Fields = 2;

    /// <summary>The operation on the CPU.</summary>
    public static void Cpu(TensorSegments segments)
    {
        segments.RequireFields(Fields, nameof(segments));
        var blocks = new (float Low, float High)[segments.BlockCount];
        segments.Run((segment, first, count) =>
            blocks[segments.Block(segment, first)] = Extrema(segments.Pointer(segment, 0) + first, count));
        var extrema = new (float Low, float High)[segments.Count];
        for (int s = 0; s < segments.Count; s++)
        {
            extrema[s] = (float.PositiveInfinity, float.NegativeInfinity);
            long end = segments.Block(s, 0) + Blocks.Count(segments.Length(s), Blocks.Size);
            for (long block = segments.Block(s, 0); block < end; block++) // MathF's minimum and maximum let NaN through
                extrema[s] = (MathF.Min(extrema[s].Low, blocks[block].Low), MathF.Max(extrema[s].High, blocks[block].High));
        }
        segments.Run((segment, first, count) =>
            Map(segments.Pointer(segment, 0) + first, segments.Pointer(segment, 1) + first, count, extrema[segment].Low, extrema[segment].High));
    }

    // The vector instructions for minimum and maximum lose NaN, so that is looked for beside them.
    private static (float Low, float High) Extrema(float* omega, long count)
    {
        int width = Vector<float>.Count;
        Vector<float> low = new(float.PositiveInfinity), high = new(float.NegativeInfinity), low2 = low, high2 = high;
        Vector<int> ordered = Vector<int>.AllBitsSet, ordered2 = ordered;
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<float> a = Vector.Load(omega + i), b = Vector.Load(omega + i + width);
            low = Vector.MinNative(low, a);
            high = Vector.MaxNative(high, a);
            ordered &= Vector.Equals(a, a);
            low2 = Vector.MinNative(low2, b);
            high2 = Vector.MaxNative(high2, b);
            ordered2 &= Vector.Equals(b, b);
        }
        if ((ordered & ordered2) != Vector<int>.AllBitsSet)
            return (float.NaN, float.NaN);
        low = Vector.MinNative(low, low2);
        high = Vector.MaxNative(high, high2);
        (float least, float most) = (low[0], high[0]);
        for (int lane = 1; lane < width; lane++)
            (least, most) = (MathF.Min(least, low[lane]), MathF.Max(most, high[lane]));
        for (; i < count; i++)
            (least, most) = (MathF.Min(least, omega[i]), MathF.Max(most, omega[i]));
        return (least, most);
    }

    private static void Map(float* omega, float* hold, long count, float low, float high)
    {
        float range = high - low;
        if (!(range > 0))
        {
            for (long j = 0; j < count; j++)
                hold[j] = 1;
            return;
        }
        Vector<float> one = Vector<float>.One, lows = new(low), ranges = new(range);
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            (one - (Vector.Load(omega + i) - lows) / ranges).Store(hold + i);
        for (; i < count; i++)
            hold[i] = Of(omega[i], low, range);
    }

    private static float Of(float omega, float low, float range) => range > 0 ? 1 - (omega - low) / range : 1;

    /// <summary>First launch: the extrema of every chunk. <paramref name="partial"/> [2, chunks]: the minima, then the maxima with their sign turned.</summary>
    [DeviceKernel]
    public static void ExtremaKernel(ArrayView<float> memory, ArrayView<long> table, long segments, ArrayView<float> partial)
    {
        ArrayView<Float4> quads = memory.Cast<Float4>();
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long chunk = Grid.IdxX; chunk < chunks; chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, Fields, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long omega = SegmentTable.Offset(table, row, 0) + first;
            long wide = (omega & 3) == 0 ? count / 4 : 0;
            float low = float.PositiveInfinity, high = float.PositiveInfinity; // high of -omega: one minimum serves both
            for (long i = Group.IdxX; i < wide; i += Group.DimX)
            {
                Float4 o = quads[omega / 4 + i];
                low = GroupMinimum.Of(GroupMinimum.Of(low, GroupMinimum.Of(o.X, o.Y)), GroupMinimum.Of(o.Z, o.W));
                high = GroupMinimum.Of(GroupMinimum.Of(high, GroupMinimum.Of(-o.X, -o.Y)), GroupMinimum.Of(-o.Z, -o.W));
            }
            for (long i = wide * 4 + Group.IdxX; i < count; i += Group.DimX)
            {
                low = GroupMinimum.Of(low, memory[omega + i]);
                high = GroupMinimum.Of(high, -memory[omega + i]);
            }
            Store(partial, chunk, chunks, low, high);
        }
    }

    /// <summary>Second launch: the extrema of every segment, one group a segment. <paramref name="extrema"/> [2, segments], as the partial ones.</summary>
    [DeviceKernel]
    public static void SegmentKernel(ArrayView<long> table, long segments, ArrayView<float> partial, ArrayView<float> extrema)
    {
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long segment = Grid.IdxX; segment < segments; segment += Grid.DimX)
        {
            long row = segment * SegmentTable.Width(Fields);
            long end = table[row + SegmentTable.Width(Fields)]; // the next segment's first chunk
            float low = float.PositiveInfinity, high = float.PositiveInfinity;
            for (long chunk = table[row] + Group.IdxX; chunk < end; chunk += Group.DimX)
            {
                low = GroupMinimum.Of(low, partial[chunk]);
                high = GroupMinimum.Of(high, partial[chunks + chunk]);
            }
            Store(extrema, segment, segments, low, high);
        }
    }

    /// <summary>Third launch: hold from the segments' extrema.</summary>
    [DeviceKernel]
    public static void MapKernel(ArrayView<float> memory, ArrayView<long> table, long segments, ArrayView<float> extrema)
    {
        ArrayView<Float4> quads = memory.Cast<Float4>();
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long chunk = Grid.IdxX; chunk < chunks; chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, Fields, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long omega = SegmentTable.Offset(table, row, 0) + first, hold = SegmentTable.Offset(table, row, 1) + first;
            long segment = row / SegmentTable.Width(Fields);
            float low = extrema[segment], range = -extrema[segments + segment] - low;
            long wide = SegmentTable.Quads(table, row, Fields, count);
            for (long i = Group.IdxX; i < wide; i += Group.DimX)
            {
                Float4 o = quads[omega / 4 + i];
                quads[hold / 4 + i] = new(Of(o.X, low, range), Of(o.Y, low, range), Of(o.Z, low, range), Of(o.W, low, range));
            }
            for (long i = wide * 4 + Group.IdxX; i < count; i += Group.DimX)
                memory[hold + i] = Of(memory[omega + i], low, range);
        }
    }

    private static void Store(ArrayView<float> rows, long column, long columns, float low, float high)
    {
        low = GroupMinimum.InFirstThread(low);
        high = GroupMinimum.InFirstThread(high);
        if (Group.IdxX == 0)
        {
            rows[column] = low;
            rows[columns + column] = high;
        }
    }
}
