using ILGPU;

namespace Lacuna.Kernels;

/// <summary>
/// How kernels read the table of <see cref="TensorSegments.DeviceTable"/>. A group takes chunk after chunk; all its threads look at the same row:
/// <code>
/// for (long chunk = Grid.IdxX; chunk &lt; SegmentTable.Chunks(table, segments, fields); chunk += Grid.DimX)
/// {
///     long row = SegmentTable.Row(table, segments, fields, chunk);
///     long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
///     long weight = SegmentTable.Offset(table, row, 0) + first; // into the view that begins at the anchor
/// }
/// </code>
/// </summary>
internal static class SegmentTable
{
    /// <summary>Elements a group works on before it looks for the next chunk: four accesses of 16 bytes by each of 256 threads. A multiple of 4, so that
    /// a chunk is aligned where its segment is.</summary>
    internal const int ChunkSize = 4096;

    /// <summary>Column of the first field's offset.</summary>
    internal const int FirstField = 2;

    internal static int Width(int fields) => FirstField + fields;

    internal static long Chunks(ArrayView<long> table, long segments, int fields) => table[segments * Width(fields)];

    /// <summary>Where in the table the row of the segment begins that holds a chunk.</summary>
    internal static long Row(ArrayView<long> table, long segments, int fields, long chunk)
    {
        int width = Width(fields);
        long low = 0, high = segments; // row low begins at or before the chunk, row high after it
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            if (table[middle * width] <= chunk)
                low = middle;
            else
                high = middle;
        }
        return low * width;
    }

    /// <summary>The chunk's first element, counted from the segment's.</summary>
    internal static long First(ArrayView<long> table, long row, long chunk) => (chunk - table[row]) * ChunkSize;

    /// <summary>Elements of the chunk that begins at <paramref name="first"/>.</summary>
    internal static long Length(ArrayView<long> table, long row, long first)
    {
        long left = table[row + 1] - first;
        return left < ChunkSize ? left : ChunkSize;
    }

    /// <summary>Where a field of the segment begins, in elements from the anchor.</summary>
    internal static long Offset(ArrayView<long> table, long row, int field) => table[row + FirstField + field];

    /// <summary>
    /// How many accesses of 16 bytes cover the beginning of a chunk of <paramref name="count"/> elements: all that fit where every field of the
    /// segment begins at a multiple of 16 bytes, none elsewhere. The elements after them are taken one by one.
    /// </summary>
    internal static long Quads(ArrayView<long> table, long row, int fields, long count)
    {
        long bits = 0;
        for (int field = 0; field < fields; field++)
            bits |= Offset(table, row, field);
        return (bits & 3) == 0 ? count / 4 : 0;
    }
}
