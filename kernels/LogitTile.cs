using System.Numerics;
using System.Runtime.InteropServices;

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
            for (int lane = 0; lane < lanes; lane++)
            {
                float* from = logits + (row + (lane < rows ? lane : 0)) * classes, to = tile + lane;
                for (int k = 0; k < classes; k++)
                    to[(nint)k * lanes] = from[k];
            }
            body(row, rows, tile);
        }
    }

    /// <summary>Writes a tile's rows.</summary>
    internal static void Store(float* tile, float* result, int rows, int classes)
    {
        int lanes = Vector<float>.Count;
        for (int lane = 0; lane < rows; lane++)
        {
            float* from = tile + lane, to = result + (long)lane * classes;
            for (int k = 0; k < classes; k++)
                to[k] = from[(nint)k * lanes];
        }
    }

    /// <summary>Where <paramref name="candidate"/> is larger than <paramref name="best"/>; the first NaN is larger than everything.</summary>
    internal static Vector<int> IsLarger(Vector<float> candidate, Vector<float> best) =>
        Vector.AndNot(Vector.Equals(best, best), Vector.LessThanOrEqual(candidate, best));
}
