using ILGPU;
using ILGPU.Algorithms;

namespace Lacuna.Kernels;

/// <summary>The smallest value of a one-dimensional group of whole warps. NaN wins over every number, as in PyTorch's min and max.</summary>
internal static class GroupMinimum
{
    /// <summary>Largest group has 1024 threads.</summary>
    private const int MaxWarps = 32;

    /// <summary>
    /// The minimum over all threads of the group, valid in the group's first thread. Every thread must call it. The barriers inside let it be
    /// called again at once.
    /// </summary>
    internal static float InFirstThread(float value)
    {
        ArrayView<float> warpMinima = SharedMemory.Allocate<float>(MaxWarps);
        value = OverWarp(value);
        if (Warp.IsFirstLane)
            warpMinima[Warp.WarpIdx] = value;
        Group.Barrier();
        float least = float.PositiveInfinity;
        if (Warp.WarpIdx == 0)
            least = OverWarp(Warp.LaneIdx < Group.DimX / Warp.WarpSize ? warpMinima[Warp.LaneIdx] : least);
        Group.Barrier(); // the next call's minima must not meet this one's readers
        return least;
    }

    /// <summary>The smaller of two numbers, NaN where either is NaN. XMath.Min would return the other one.</summary>
    internal static float Of(float first, float second) => XMath.IsNaN(first) || first < second ? first : second;

    private static float OverWarp(float value)
    {
        for (int distance = Warp.WarpSize / 2; distance > 0; distance /= 2)
            value = Of(value, Warp.ShuffleDown(value, distance));
        return value;
    }
}
