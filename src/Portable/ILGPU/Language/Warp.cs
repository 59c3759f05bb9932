using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>
/// What the 32 threads of a warp do together. As on the device every thread of the warp must take part: a shuffle that a thread
/// has left out, or has reached at another place of the kernel, is a divergent barrier. A shuffle orders no memory accesses.
/// </summary>
public static class Warp
{
    public static int WarpSize => ThreadGroup.WarpSize;
    public static int LaneIdx => Lane.Current.Linear % WarpSize;
    public static int WarpIdx => Lane.Current.Linear / WarpSize;
    public static bool IsFirstLane => LaneIdx == 0;
    public static bool IsLastLane => LaneIdx == WarpSize - 1;

    public static int ComputeWarpIdx(Index1D groupThreadIdx) => groupThreadIdx / WarpSize;
    public static int ComputeWarpThreadIdx(Index1D groupThreadIdx) => groupThreadIdx % WarpSize;

    /// <summary>Waits for every thread of the warp. What any of them wrote before is visible to all of them after.</summary>
    public static void Barrier() => Lane.Current.Meet(Scope.Warp, "Warp.Barrier", null);

    public static T Broadcast<T>(T value, int sourceLane) where T : unmanaged => Exchange("Warp.Broadcast", value, sourceLane, WarpSize);

    // Shuffle takes its source lane modulo the width; Down and Up give back the own value where there is no such lane.
    public static T Shuffle<T>(T variable, int sourceLane) where T : unmanaged => Shuffle(variable, sourceLane, WarpSize);
    public static T ShuffleDown<T>(T variable, int delta) where T : unmanaged => ShuffleDown(variable, delta, WarpSize);
    public static T ShuffleUp<T>(T variable, int delta) where T : unmanaged => ShuffleUp(variable, delta, WarpSize);
    public static T ShuffleXor<T>(T variable, int mask) where T : unmanaged => ShuffleXor(variable, mask, WarpSize);

    // With a width the warp falls into segments of that many lanes (a power of two) that exchange among themselves.
    public static T Shuffle<T>(T variable, int sourceLane, int width) where T : unmanaged =>
        Exchange("Warp.Shuffle", variable, sourceLane & (width - 1), width);

    public static T ShuffleDown<T>(T variable, int delta, int width) where T : unmanaged =>
        Exchange("Warp.ShuffleDown", variable, LaneIdx % width + delta, width);

    public static T ShuffleUp<T>(T variable, int delta, int width) where T : unmanaged =>
        Exchange("Warp.ShuffleUp", variable, LaneIdx % width - delta, width);

    public static T ShuffleXor<T>(T variable, int mask, int width) where T : unmanaged =>
        mask >= 0 && mask < width
            ? Exchange("Warp.ShuffleXor", variable, LaneIdx % width ^ mask, width)
            : throw KernelFaultException.At(KernelFault.Failed, $"Warp.ShuffleXor with mask {mask} leaves the {width} lanes");

    private static T Exchange<T>(string operation, T value, int source, int width) where T : unmanaged
    {
        Lane lane = Lane.Current;
        if (width is < 1 or > 32 || !int.IsPow2(width))
            throw KernelFaultException.At(KernelFault.Failed, $"{operation} over {width} lanes: the width must be a power of two up to 32");
        lane.Meet(Scope.Warp, operation, value);
        if (source < 0 || source >= width)
            return value;
        int linear = lane.Linear / width * width + source;
        if (linear >= lane.Group.Lanes.Length)
            throw KernelFaultException.At(KernelFault.DivergentBarrier, $"{operation} reads thread {linear}, but the group has only {lane.Group.Lanes.Length}");
        return lane.Offered<T>(Scope.Warp, linear);
    }
}
