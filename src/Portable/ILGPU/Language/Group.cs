using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>The place of the calling thread in its group, and what the threads of a group do together. Valid inside a kernel.</summary>
public static class Group
{
    public static int IdxX => Index.X;
    public static int IdxY => Index.Y;
    public static int IdxZ => Index.Z;
    public static Index3D Index => Lane.Current.Index;

    public static int DimX => Dimension.X;
    public static int DimY => Dimension.Y;
    public static int DimZ => Dimension.Z;
    public static Index3D Dimension => Lane.Current.Group.Launch.GroupDim;

    public static int LinearIndex => Lane.Current.Linear;
    public static bool IsFirstThread => LinearIndex == 0;
    public static bool IsLastThread => LinearIndex == Dimension.Size - 1;

    /// <summary>Waits for every thread of the group. What any of them wrote before is visible to all of them after.</summary>
    public static void Barrier() => Lane.Current.Meet(Scope.Group, "Group.Barrier", null);

    /// <summary>A barrier that tells every thread whether <paramref name="predicate"/> held for all of them.</summary>
    public static bool BarrierAnd(bool predicate) => Count("Group.BarrierAnd", predicate) == Dimension.Size;

    /// <summary>A barrier that tells every thread whether <paramref name="predicate"/> held for any of them.</summary>
    public static bool BarrierOr(bool predicate) => Count("Group.BarrierOr", predicate) > 0;

    /// <summary>A barrier that tells every thread for how many of them <paramref name="predicate"/> held.</summary>
    public static int BarrierPopCount(bool predicate) => Count("Group.BarrierPopCount", predicate);

    /// <summary>A barrier that gives every thread the value of the thread with linear index <paramref name="groupIndex"/>.</summary>
    public static T Broadcast<T>(T value, int groupIndex) where T : unmanaged
    {
        Lane lane = Lane.Current;
        lane.Meet(Scope.Group, "Group.Broadcast", value);
        if ((uint)groupIndex >= (uint)lane.Group.Lanes.Length)
            throw KernelFaultException.At(KernelFault.OutOfRange, $"Group.Broadcast from thread {groupIndex} of a group of {lane.Group.Lanes.Length}", groupIndex, lane.Group.Lanes.Length);
        return lane.Offered<T>(Scope.Group, groupIndex);
    }

    private static int Count(string operation, bool predicate)
    {
        Lane lane = Lane.Current;
        lane.Meet(Scope.Group, operation, predicate);
        return lane.Group.Lanes.Count(other => lane.Offered<bool>(Scope.Group, other.Linear));
    }
}
