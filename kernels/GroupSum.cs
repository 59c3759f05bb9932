using ILGPU;

namespace Lacuna.Kernels;

/// <summary>Sums over the threads of a one-dimensional group of whole warps, by a fixed tree: the same bits every time.</summary>
internal static class GroupSum
{
    /// <summary>Largest group has 1024 threads.</summary>
    private const int MaxWarps = 32;

    /// <summary>
    /// The sum over all threads of the group, valid in the group's first thread. Every thread must call it. The barriers inside let it be called
    /// again at once.
    /// </summary>
    internal static float InFirstThread(float value)
    {
        ArrayView<float> warpSums = SharedMemory.Allocate<float>(MaxWarps);
        value = OverWarp(value);
        if (Warp.IsFirstLane)
            warpSums[Warp.WarpIdx] = value;
        Group.Barrier();
        float total = 0;
        if (Warp.WarpIdx == 0)
            total = OverWarp(Warp.LaneIdx < Group.DimX / Warp.WarpSize ? warpSums[Warp.LaneIdx] : 0);
        Group.Barrier(); // the next call's sums must not meet this one's readers
        return total;
    }

    /// <summary>As <see cref="InFirstThread"/>, valid in every thread.</summary>
    internal static float InAllThreads(float value)
    {
        ArrayView<float> whole = SharedMemory.Allocate<float>(1);
        float total = InFirstThread(value);
        if (Group.IdxX == 0)
            whole[0] = total;
        Group.Barrier();
        total = whole[0];
        Group.Barrier(); // nobody may begin to write the next one before all have read this one
        return total;
    }

    /// <summary>The sum over the warp, valid in its first lane.</summary>
    internal static float OverWarp(float value)
    {
        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
            value += Warp.ShuffleDown(value, distance);
        return value;
    }
}
