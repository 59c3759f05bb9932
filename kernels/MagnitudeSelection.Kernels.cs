using ILGPU;

namespace Lacuna.Kernels;

// On the GPU, five launches and nothing read back in between: HistogramKernel for digits 0, 1 and 2, ThresholdKernel, and where a mask is wanted MaskKernel. The
// chunks of all segments are divided into consecutive parts, one for each group that the device holds at once; the last digit's histogram of every part says how
// many ties lie before the next one.
// work [WorkLength] int64, zero at first: for digits 0 to 3 the prefix found before and what is left of k there, then three histograms.
// parts [number of parts, LastBins] int32: a part holds fewer than 2^31 elements. k is at least 1.
public static unsafe partial class MagnitudeSelection
{
    /// <summary>Elements of the kernels' <c>work</c>.</summary>
    public const int WorkLength = Histograms + MagnitudeKey.Digits * MagnitudeKey.MaxBins;

    /// <summary>Counts of one part in the kernels' <c>parts</c>.</summary>
    public const int LastBins = MagnitudeKey.LowBins;

    /// <summary>Launches of <see cref="HistogramKernel"/>, one a digit.</summary>
    public const int Digits = MagnitudeKey.Digits;

    // Where the histograms begin: behind two numbers for every digit and the end.
    private const int Histograms = 2 * (MagnitudeKey.Digits + 1);

    /// <summary>
    /// Counts digit <paramref name="digit"/> of the elements that agree with the digits before. A part is counted in the group's shared memory and added to the whole by atomics
    /// of integers.
    /// </summary>
    [DeviceKernel]
    public static void HistogramKernel(ArrayView<float> memory, ArrayView<long> table, ArrayView<long> work, ArrayView<int> parts, long segments, int fields, int digit, long k)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(MagnitudeKey.MaxBins);
        var (prefix, _) = Narrow(work, digit, k);
        int bins = MagnitudeKey.Bins(digit), shift = MagnitudeKey.Shift(digit);
        int width = digit == 0 ? 31 : MagnitudeKey.LowBits; // all bits above the first digit are the sign's
        long count = parts.Length / LastBins, chunks = SegmentTable.Chunks(table, segments, fields);
        for (long part = Grid.IdxX; part < count; part += Grid.DimX)
        {
            for (int bin = Group.IdxX; bin < bins; bin += Group.DimX)
                counts[bin] = 0;
            Group.Barrier();
            long end = FirstChunk(part + 1, count, chunks);
            for (long chunk = FirstChunk(part, count, chunks); chunk < end; chunk++)
            {
                long row = SegmentTable.Row(table, segments, fields, chunk);
                long first = SegmentTable.First(table, row, chunk), length = SegmentTable.Length(table, row, first);
                long x = SegmentTable.Offset(table, row, 0) + first;
                long fours = (x & 3) == 0 ? length >> 2 : 0;
                ArrayView<Float4> wide = memory.Cast<Float4>();
                for (long i = Group.IdxX; i < fours; i += Group.DimX)
                {
                    Float4 four = wide[(x >> 2) + i];
                    Count(counts, four.X, prefix, shift, bins, width);
                    Count(counts, four.Y, prefix, shift, bins, width);
                    Count(counts, four.Z, prefix, shift, bins, width);
                    Count(counts, four.W, prefix, shift, bins, width);
                }
                for (long i = 4 * fours + Group.IdxX; i < length; i += Group.DimX)
                    Count(counts, memory[x + i], prefix, shift, bins, width);
            }
            Group.Barrier();
            for (int bin = Group.IdxX; bin < bins; bin += Group.DimX)
            {
                if (counts[bin] != 0)
                    Atomic.Add(ref work[Histograms + digit * MagnitudeKey.MaxBins + bin], counts[bin]);
                if (digit == MagnitudeKey.Digits - 1)
                    parts[part * LastBins + bin] = counts[bin];
            }
            Group.Barrier(); // before the next part's counts begin at zero
        }
    }

    private static void Count(ArrayView<int> counts, float x, long prefix, int shift, int bins, int width)
    {
        int digits = MagnitudeKey.Of(x) >> shift;
        if (digits >> width == prefix)
            Atomic.Add(ref counts[digits & bins - 1], 1);
    }

    /// <summary>The threshold, from the last histogram. One group is enough.</summary>
    [DeviceKernel]
    public static void ThresholdKernel(ArrayView<long> work, ArrayView<float> threshold, long k)
    {
        var (prefix, _) = Narrow(work, MagnitudeKey.Digits, k);
        if (Grid.IdxX == 0 && Group.IdxX == 0)
            threshold[0] = MagnitudeKey.Value((int)prefix);
    }

    /// <summary>The mask, field 1; any number of groups, but the parts that the histograms were taken of.</summary>
    [DeviceKernel]
    public static void MaskKernel(ArrayView<float> memory, ArrayView<long> table, ArrayView<long> work, ArrayView<int> parts, long segments, int fields)
    {
        int key = (int)work[2 * MagnitudeKey.Digits];
        int bin = key & LastBins - 1;
        long count = parts.Length / LastBins, chunks = SegmentTable.Chunks(table, segments, fields);
        for (long part = Grid.IdxX; part < count; part += Grid.DimX)
        {
            long own = 0;
            for (long before = Group.IdxX; before < part; before += Group.DimX)
                own += parts[before * LastBins + bin];
            var (_, ties) = GroupScan.Exclusive(own);
            long left = work[2 * MagnitudeKey.Digits + 1] - ties; // to take from this part on
            bool some = left > 0 && left < parts[part * LastBins + bin];
            long end = FirstChunk(part + 1, count, chunks);
            for (long chunk = FirstChunk(part, count, chunks); chunk < end; chunk++)
            {
                long row = SegmentTable.Row(table, segments, fields, chunk);
                long first = SegmentTable.First(table, row, chunk), length = SegmentTable.Length(table, row, first);
                long x = SegmentTable.Offset(table, row, 0) + first, mask = SegmentTable.Offset(table, row, 1) + first;
                if (some)
                    left -= MarkSome(memory, x, mask, length, key, left);
                else
                    MarkAbove(memory, x, mask, length, left > 0 ? key - 1 : key);
            }
        }
    }

    private static void MarkAbove(ArrayView<float> memory, long x, long mask, long length, int floor)
    {
        long fours = ((x | mask) & 3) == 0 ? length >> 2 : 0;
        ArrayView<Float4> wide = memory.Cast<Float4>();
        for (long i = Group.IdxX; i < fours; i += Group.DimX)
        {
            Float4 four = wide[(x >> 2) + i];
            wide[(mask >> 2) + i] = new(Mark(four.X, floor), Mark(four.Y, floor), Mark(four.Z, floor), Mark(four.W, floor));
        }
        for (long i = 4 * fours + Group.IdxX; i < length; i += Group.DimX)
            memory[mask + i] = Mark(memory[x + i], floor);
    }

    // Not 1 and 0: of a comparison converted to float32, ILGPU 1.5.3 makes the float32 whose bits are the integer 1.
    private static float Mark(float x, int floor) => MagnitudeKey.Of(x) > floor ? 1f : 0f;

    // A chunk of the one part in which the last tie is taken: every thread has a stretch of it, so that ties keep their order. Returns the chunk's ties.
    private static long MarkSome(ArrayView<float> memory, long x, long mask, long length, int key, long left)
    {
        long stretch = (length + Group.DimX - 1) / Group.DimX, begin = Group.IdxX * stretch;
        long end = begin + stretch < length ? begin + stretch : length;
        long ties = 0;
        for (long i = begin; i < end; i++)
            ties += MagnitudeKey.Of(memory[x + i]) == key ? 1 : 0;
        var (before, total) = GroupScan.Exclusive(ties);
        for (long i = begin; i < end; i++)
        {
            int own = MagnitudeKey.Of(memory[x + i]);
            memory[mask + i] = own > key || own == key && before < left ? 1f : 0f;
            before += own == key ? 1 : 0;
        }
        return total;
    }

    private static long FirstChunk(long part, long parts, long chunks)
    {
        long each = chunks / parts, more = chunks - each * parts; // the first ones have one more
        return part * each + (part < more ? part : more);
    }

    // What the digits before this one are, and what is left of k among the elements that have them. Every group finds it; the first one writes it down, for the
    // launch after this.
    private static (long Prefix, long Left) Narrow(ArrayView<long> work, int digit, long k)
    {
        if (digit == 0)
            return (0, k);
        ArrayView<long> found = SharedMemory.Allocate<long>(2);
        int bins = MagnitudeKey.Bins(digit - 1), histogram = Histograms + (digit - 1) * MagnitudeKey.MaxBins;
        long prefix = digit == 1 ? 0 : work[2 * (digit - 1)], wanted = digit == 1 ? k : work[2 * (digit - 1) + 1];
        // From the top down, some bins a thread.
        int each = (bins + Group.DimX - 1) / Group.DimX, top = bins - 1 - Group.IdxX * each;
        long own = 0;
        for (int bin = top; bin > top - each && bin >= 0; bin--)
            own += work[histogram + bin];
        var (before, _) = GroupScan.Exclusive(own);
        if (before < wanted && wanted <= before + own)
        {
            int bin = top;
            long left = wanted - before;
            while (work[histogram + bin] < left)
            {
                left -= work[histogram + bin];
                bin--;
            }
            found[0] = prefix << MagnitudeKey.LowBits | (long)bin;
            found[1] = left;
            if (Grid.IdxX == 0)
            {
                work[2 * digit] = found[0];
                work[2 * digit + 1] = left;
            }
        }
        Group.Barrier();
        return (found[0], found[1]);
    }
}
