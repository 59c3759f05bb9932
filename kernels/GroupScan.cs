using ILGPU;

namespace Lacuna.Kernels;

/// <summary>Running sums over the threads of a one-dimensional group of whole warps.</summary>
internal static class GroupScan
{
    /// <summary>Largest group has 1024 threads.</summary>
    private const int MaxWarps = 32;

    /// <summary>
    /// The sum over the threads before this one, and over all. Every thread must call it. The barriers inside let it be called again at once.
    /// </summary>
    internal static (long Before, long Total) Exclusive(long value)
    {
        ArrayView<long> warpSums = SharedMemory.Allocate<long>(MaxWarps);
        long inclusive = value;
        for (int distance = 1; distance < Warp.WarpSize; distance *= 2)
        {
            long other = Warp.ShuffleUp(inclusive, distance);
            if (Warp.LaneIdx >= distance)
                inclusive += other;
        }
        if (Warp.LaneIdx == Warp.WarpSize - 1)
            warpSums[Warp.WarpIdx] = inclusive;
        Group.Barrier();
        long before = inclusive - value, total = 0;
        for (int warp = 0; warp < Group.DimX / Warp.WarpSize; warp++)
        {
            if (warp < Warp.WarpIdx)
                before += warpSums[warp];
            total += warpSums[warp];
        }
        Group.Barrier(); // the next call's sums must not meet this one's readers
        return (before, total);
    }
}
