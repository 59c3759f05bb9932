namespace Lacuna.Kernels;

/// <summary>
/// Many tensors of float32 that one launch works on as if they were one: S segments, each with the same F fields of equal length (say weight, gradient,
/// momentum), anywhere in memory. The CPU paths go through <see cref="Run"/>; kernels get <see cref="DeviceTable"/> and find their
/// place with <see cref="SegmentTable"/>.
/// </summary>
public sealed unsafe class TensorSegments
{
    private readonly nint[] addresses;
    private readonly long[] lengths;
    private readonly long[] firstBlocks;

    /// <param name="fields">F.</param>
    /// <param name="addresses">[S, F]: where every field of every segment begins; each a multiple of 4.</param>
    /// <param name="lengths">[S]: elements of every segment, zero allowed.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other, a length is negative, or an address is not that of a float32.</exception>
    public TensorSegments(int fields, ReadOnlySpan<nint> addresses, ReadOnlySpan<long> lengths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fields, 1);
        Lengths.Require(addresses.Length, (long)lengths.Length * fields, nameof(addresses));
        foreach (long length in lengths)
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
        foreach (nint address in addresses)
            if (address % sizeof(float) != 0)
                throw new ArgumentException($"A float32 cannot begin at address {address}: it is not a multiple of 4.", nameof(addresses));
        Fields = fields;
        this.addresses = addresses.ToArray();
        this.lengths = lengths.ToArray();
        firstBlocks = new long[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++)
        {
            firstBlocks[s + 1] = firstBlocks[s] + Blocks.Count(lengths[s], Blocks.Size);
            Elements += lengths[s];
        }
    }

    /// <summary>F, arrays of a segment.</summary>
    public int Fields { get; }

    /// <summary>S, segments.</summary>
    public int Count => lengths.Length;

    /// <summary>Elements of one field over all segments.</summary>
    public long Elements { get; }

    /// <summary>Elements of a segment.</summary>
    public long Length(int segment) => lengths[segment];

    /// <summary>Where a field of a segment begins.</summary>
    public float* Pointer(int segment, int field) => (float*)addresses[segment * Fields + field];

    internal delegate void Body(int segment, long first, long count);

    /// <summary>Calls <paramref name="body"/> for blocks that cover all segments, spread over the processors; a block lies in one segment.</summary>
    internal void Run(Body body) => Blocks.Each(firstBlocks[^1], block =>
    {
        int segment = SegmentOf(block);
        long first = (block - firstBlocks[segment]) * Blocks.Size;
        body(segment, first, Math.Min(Blocks.Size, lengths[segment] - first));
    });

    /// <summary>Blocks that <see cref="Run"/> makes; in the order of <see cref="Block"/> they are in that of the elements.</summary>
    internal long BlockCount => firstBlocks[^1];

    /// <summary>Number of the block that begins at element <paramref name="first"/> of a segment.</summary>
    internal long Block(int segment, long first) => firstBlocks[segment] + first / Blocks.Size;

    internal void RequireFields(int expected, string name)
    {
        if (Fields != expected)
            throw new ArgumentException($"The segments have {Fields} fields where the operation needs {expected}.", name);
    }

    private int SegmentOf(long block)
    {
        int found = Array.BinarySearch(firstBlocks, block);
        if (found < 0)
            return ~found - 1;
        while (firstBlocks[found + 1] == block) // segments without elements begin where the next one does
            found++;
        return found;
    }

    /// <summary>
    /// The table that kernels read, int64 [S + 1, 2 + F]: a segment's first chunk, its length, and for every field the distance in elements from
    /// <paramref name="anchor"/> to where it begins; the last row holds the number of chunks. Kernels get a view that begins at the anchor (a
    /// multiple of 16) and reaches <paramref name="span"/> elements, over whatever lies between the tensors, and touch only the tensors.
    /// </summary>
    public long[] DeviceTable(out nint anchor, out long span)
    {
        long low = long.MaxValue, high = 0;
        for (int s = 0; s < Count; s++)
            for (int f = 0; lengths[s] > 0 && f < Fields; f++)
            {
                low = Math.Min(low, addresses[s * Fields + f]);
                high = Math.Max(high, addresses[s * Fields + f] + lengths[s] * sizeof(float));
            }
        anchor = Elements == 0 ? 0 : (nint)(low & -16);
        span = (high - anchor) / sizeof(float);
        int width = SegmentTable.Width(Fields);
        var table = new long[(Count + 1) * width];
        long chunks = 0;
        for (int s = 0; s < Count; s++)
        {
            table[s * width] = chunks;
            table[s * width + 1] = lengths[s];
            for (int f = 0; f < Fields; f++)
                table[s * width + SegmentTable.FirstField + f] = lengths[s] == 0 ? 0 : (addresses[s * Fields + f] - anchor) / sizeof(float);
            chunks += Blocks.Count(lengths[s], SegmentTable.ChunkSize);
        }
        table[Count * width] = chunks;
        return table;
    }

    /// <summary>Chunks that kernels cut the segments into.</summary>
    public long Chunks
    {
        get
        {
            long chunks = 0;
            foreach (long length in lengths)
                chunks += Blocks.Count(length, SegmentTable.ChunkSize);
            return chunks;
        }
    }
}
