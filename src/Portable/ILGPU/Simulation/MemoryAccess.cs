namespace Lacuna.Portable.Simulation;

/// <summary>Who touched a byte, and after how many barriers of the group and of its warp. The default value stands for nobody.</summary>
internal readonly struct MemoryAccess(Lane lane, bool atomic)
{
    private readonly int threadPlusOne = lane.Linear + 1;
    private readonly int groupBarriers = lane.Group.Barriers;
    private readonly int warpBarriers = lane.Warp.Barriers;
    private readonly bool atomic = atomic;

    internal bool Happened => threadPlusOne > 0;
    internal int Thread => threadPlusOne - 1;

    /// <summary>Whether an access of <paramref name="lane"/> now is not ordered after this one by a barrier of the group or of the warp both share.</summary>
    internal bool ConflictsWith(Lane lane, bool isAtomic)
    {
        if (!Happened || Thread == lane.Linear || atomic && isAtomic || groupBarriers != lane.Group.Barriers)
            return false;
        bool sameWarp = Thread / ThreadGroup.WarpSize == lane.Linear / ThreadGroup.WarpSize;
        return !sameWarp || warpBarriers == lane.Warp.Barriers;
    }
}
