using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// The k-th largest absolute value over many tensors taken as one, and the mask of the k largest, by radix selection, without a sort:
/// <code>t = k-th largest |x[i]|;   m[i] = 1 if |x[i]| &gt; t or x[i] is one of the first ties with t that make up k, else 0</code>
/// x, m [P] float32 over the segments; exactly k elements of m are 1. Ties count in the order of the segments and the positions in them. NaN is larger than
/// everything and ties with NaN, as in the tensor library's topk and sort; 0 and -0 tie. For k = 0 the threshold is infinity and the mask 0.
/// <para>
/// Three passes count, digit by digit of <see cref="MagnitudeKey"/>, the elements that agree with the threshold in the digits found before: the digit at which the
/// count from the top reaches k is the threshold's (Knuth, TAOCP 3, 5.2.5; Alabi et al., "Fast k-selection algorithms for graphics processing units", 2012). All
/// sums are of integers, so the order of the work does not change them.
/// </para>
/// <para>Moves 12 P bytes for the threshold and 8 P more for the mask; the CPU path 4 P more where only some of the ties are taken.</para>
/// </summary>
public static unsafe partial class MagnitudeSelection
{
    /// <summary>The operation on the CPU. Field 0 is x; field 1, if there is one, becomes the mask. Returns the threshold.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not one of 0, ..., P.</exception>
    public static float Cpu(TensorSegments segments, long k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, segments.Elements);
        // For k = 0 a key above all: nothing is larger, nothing ties.
        int key = int.MaxValue;
        long ties = 0, taken = 0;
        if (k > 0)
            (key, ties, taken) = Find(segments, k);
        if (segments.Fields > 1)
            WriteMask(segments, key, ties, taken);
        return k == 0 ? float.PositiveInfinity : MagnitudeKey.Value(key);
    }

    // The threshold's key, how many elements have it, and how many of these belong to the k largest.
    private static (int Key, long Ties, long Taken) Find(TensorSegments segments, long k)
    {
        var counts = new long[MagnitudeKey.MaxBins];
        int prefix = 0, bin = 0;
        for (int digit = 0; digit < MagnitudeKey.Digits; digit++)
        {
            Array.Clear(counts);
            int bins = MagnitudeKey.Bins(digit), shift = MagnitudeKey.Shift(digit), found = prefix;
            bool first = digit == 0;
            segments.Run((segment, start, count) =>
            {
                // Two histograms in turn: equal neighbours do not wait for each other's count.
                int* own = stackalloc int[2 * MagnitudeKey.MaxBins];
                new Span<int>(own, 2 * bins).Clear();
                float* x = segments.Pointer(segment, 0) + start;
                if (first)
                    CountAll(x, count, own, own + bins, shift);
                else
                    CountMatching(x, count, own, own + bins, found, shift);
                for (int b = 0; b < bins; b++)
                    if (own[b] + own[bins + b] is > 0 and int sum)
                        Interlocked.Add(ref counts[b], sum);
            });
            for (bin = bins - 1; counts[bin] < k; bin--)
                k -= counts[bin];
            prefix = prefix << MagnitudeKey.LowBits | bin; // the first digit's prefix is 0, whatever its width
        }
        return (prefix, counts[bin], k);
    }

    private static void CountAll(float* x, long count, int* even, int* odd, int shift)
    {
        long i = 0;
        for (; i <= count - 4; i += 4)
        {
            even[MagnitudeKey.Of(x[i]) >> shift]++;
            odd[MagnitudeKey.Of(x[i + 1]) >> shift]++;
            even[MagnitudeKey.Of(x[i + 2]) >> shift]++;
            odd[MagnitudeKey.Of(x[i + 3]) >> shift]++;
        }
        for (; i < count; i++)
            even[MagnitudeKey.Of(x[i]) >> shift]++;
    }

    // Few elements agree with the digits found: whole vectors are passed over.
    private static void CountMatching(float* x, long count, int* even, int* odd, int prefix, int shift)
    {
        int width = Vector<float>.Count;
        var prefixes = new Vector<int>(prefix);
        long i = 0;
        for (; i <= count - width; i += width)
            if (Vector.EqualsAny(Vector.ShiftRightLogical(MagnitudeKey.Of(Vector.Load(x + i)), shift + MagnitudeKey.LowBits), prefixes))
                for (int j = 0; j < width; j += 2)
                {
                    CountOne(x[i + j], even, prefix, shift);
                    CountOne(x[i + j + 1], odd, prefix, shift);
                }
        for (; i < count; i++)
            CountOne(x[i], even, prefix, shift);
    }

    private static void CountOne(float x, int* counts, int prefix, int shift)
    {
        int digits = MagnitudeKey.Of(x) >> shift;
        if (digits >> MagnitudeKey.LowBits == prefix)
            counts[digits & MagnitudeKey.LowBins - 1]++;
    }

    private static void WriteMask(TensorSegments segments, int key, long ties, long taken)
    {
        // Where every tie is taken, or none, a block needs to know nothing of the others.
        long[]? before = taken == ties ? null : TiesBefore(segments, key);
        segments.Run((segment, start, count) =>
        {
            float* x = segments.Pointer(segment, 0) + start, mask = segments.Pointer(segment, 1) + start;
            long own = 0, left = 1;
            if (before != null)
            {
                long block = segments.Block(segment, start);
                own = before[block + 1] - before[block];
                left = taken - before[block];
            }
            if (left > 0 && left >= own)
                MarkAbove(x, mask, count, key - 1);
            else if (left <= 0)
                MarkAbove(x, mask, count, key);
            else
                for (long i = 0; i < count; i++)
                {
                    int here = MagnitudeKey.Of(x[i]);
                    mask[i] = here > key || here == key && left-- > 0 ? 1 : 0;
                }
        });
    }

    private static void MarkAbove(float* x, float* mask, long count, int floor)
    {
        int width = Vector<float>.Count;
        var floors = new Vector<int>(floor);
        Vector<int> one = Vector.AsVectorInt32(Vector<float>.One);
        long i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            Vector<int> a = Vector.GreaterThan(MagnitudeKey.Of(Vector.Load(x + i)), floors);
            Vector<int> b = Vector.GreaterThan(MagnitudeKey.Of(Vector.Load(x + i + width)), floors);
            Vector.AsVectorSingle(a & one).Store(mask + i);
            Vector.AsVectorSingle(b & one).Store(mask + i + width);
        }
        for (; i < count; i++)
            mask[i] = MagnitudeKey.Of(x[i]) > floor ? 1 : 0;
    }

    // By block, the elements in the blocks before it whose key is the threshold's.
    private static long[] TiesBefore(TensorSegments segments, int key)
    {
        var before = new long[segments.BlockCount + 1];
        var keys = new Vector<int>(key);
        segments.Run((segment, start, count) =>
        {
            float* x = segments.Pointer(segment, 0) + start;
            Vector<int> minus = default;
            int width = Vector<float>.Count;
            long i = 0;
            for (; i <= count - width; i += width)
                minus += Vector.Equals(MagnitudeKey.Of(Vector.Load(x + i)), keys);
            long ties = -Vector.Sum(minus);
            for (; i < count; i++)
                ties += MagnitudeKey.Of(x[i]) == key ? 1 : 0;
            before[segments.Block(segment, start) + 1] = ties;
        });
        for (int block = 1; block < before.Length; block++)
            before[block] += before[block - 1];
        return before;
    }
}
