using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lacuna.Kernels;

/// <summary>
/// Rows of logits [N,K] for the CPU paths: as many rows at a time as a vector has lanes, transposed to [K, lanes], so that a lane is a row
/// and no sum runs across lanes, whatever K is.
/// </summary>
internal static unsafe class LogitTile
{
    private const int LargestOnStack = 8192;

    /// <param name="row">First row of the tile.</param>
    /// <param name="rows">Rows in it; lanes beyond them repeat the first.</param>
    /// <param name="tile">[K, lanes], the callee's to overwrite.</param>
    internal delegate void Body(long row, int rows, float* tile);

    /// <summary>Calls <paramref name="body"/> for all rows, spread over the processors.</summary>
    internal static void Run(float* logits, long samples, int classes, Body body)
    {
        int lanes = Vector<float>.Count;
        Blocks.RunItems(Blocks.Count(samples, lanes), (long)lanes * classes, (first, count) =>
        {
            if ((long)lanes * classes <= LargestOnStack)
            {
                float* tile = stackalloc float[lanes * classes];
                RunBlock(logits, samples, classes, first, count, tile, body);
                return;
            }
            var memory = (float*)NativeMemory.Alloc((nuint)lanes * (nuint)classes, sizeof(float));
            try
            {
                RunBlock(logits, samples, classes, first, count, memory, body);
            }
            finally
            {
                NativeMemory.Free(memory);
            }
        });
    }

    private static void RunBlock(float* logits, long samples, int classes, long first, long count, float* tile, Body body)
    {
        int lanes = Vector<float>.Count;
        for (long row = first * lanes; row < (first + count) * lanes; row += lanes)
        {
            int rows = (int)Math.Min(lanes, samples - row);
            float* from = logits + row * classes;
            int k = 0;
            for (; InBlocks(rows) && k <= classes - 8; k += 8)
                Transpose8(from + k, classes, tile + k * 8, 8);
            for (int lane = 0; lane < lanes; lane++)
                for (int rest = k; rest < classes; rest++)
                    tile[(nint)rest * lanes + lane] = from[(nint)(lane < rows ? lane : 0) * classes + rest];
            body(row, rows, tile);
        }
    }

    /// <summary>Writes a tile's rows.</summary>
    internal static void Store(float* tile, float* result, int rows, int classes)
    {
        int lanes = Vector<float>.Count, k = 0;
        for (; InBlocks(rows) && k <= classes - 8; k += 8)
            Transpose8(tile + k * 8, 8, result + k, classes);
        for (int lane = 0; lane < rows; lane++)
            for (int rest = k; rest < classes; rest++)
                result[(nint)lane * classes + rest] = tile[(nint)rest * lanes + lane];
    }

    private static bool InBlocks(int rows) => Avx.IsSupported && Vector<float>.Count == 8 && rows == 8;

    // Eight numbers of each of eight rows: pairs of rows, then fours, then halves of registers.
    private static void Transpose8(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + fromStride), r2 = Vector256.Load(from + 2 * fromStride), r3 = Vector256.Load(from + 3 * fromStride);
        from += 4 * fromStride;
        Vector256<float> r4 = Vector256.Load(from), r5 = Vector256.Load(from + fromStride), r6 = Vector256.Load(from + 2 * fromStride), r7 = Vector256.Load(from + 3 * fromStride);
        (r0, r1) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
        (r2, r3) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        (r4, r5) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5));
        (r6, r7) = (Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
        const byte lowPairs = 0x44, highPairs = 0xEE, lowHalves = 0x20, highHalves = 0x31;
        (r0, r2) = (Avx.Shuffle(r0, r2, lowPairs), Avx.Shuffle(r0, r2, highPairs));
        (r1, r3) = (Avx.Shuffle(r1, r3, lowPairs), Avx.Shuffle(r1, r3, highPairs));
        (r4, r6) = (Avx.Shuffle(r4, r6, lowPairs), Avx.Shuffle(r4, r6, highPairs));
        (r5, r7) = (Avx.Shuffle(r5, r7, lowPairs), Avx.Shuffle(r5, r7, highPairs));
        Avx.Permute2x128(r0, r4, lowHalves).Store(to);
        Avx.Permute2x128(r2, r6, lowHalves).Store(to + toStride);
        Avx.Permute2x128(r1, r5, lowHalves).Store(to + 2 * toStride);
        Avx.Permute2x128(r3, r7, lowHalves).Store(to + 3 * toStride);
        to += 4 * toStride;
        Avx.Permute2x128(r0, r4, highHalves).Store(to);
        Avx.Permute2x128(r2, r6, highHalves).Store(to + toStride);
        Avx.Permute2x128(r1, r5, highHalves).Store(to + 2 * toStride);
        Avx.Permute2x128(r3, r7, highHalves).Store(to + 3 * toStride);
    }

    /// <summary>Where <paramref name="candidate"/> is larger than <paramref name="best"/>; the first NaN is larger than everything.</summary>
    internal static Vector<int> IsLarger(Vector<float> candidate, Vector<float> best) =>
        Vector.AndNot(Vector.Equals(best, best), Vector.LessThanOrEqual(candidate, best));
}
