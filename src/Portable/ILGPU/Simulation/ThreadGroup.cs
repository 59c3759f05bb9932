using ILGPU;
using System.Runtime.ExceptionServices;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// Runs the lanes of a group, one at a time: a lane runs until it ends or waits for others, then hands over to the next in line.
/// The order depends on nothing but the kernel, so a run always repeats. Only one thread is awake, so no state here needs a lock.
/// </summary>
internal sealed class ThreadGroup : IDisposable
{
    internal const int WarpSize = 32;
    private const int DynamicSite = -1;

    private readonly Queue<Lane> ready = new();
    private readonly SemaphoreSlim done = new(0);
    private KernelFaultException? fault;
    private int left;

    internal ThreadGroup(Launch launch)
    {
        Launch = launch;
        int size = launch.GroupDim.Size;
        Lanes = new Lane[size];
        for (int i = 0; i < size; i++)
            Lanes[i] = new(this, i);
        Everyone = new(Scope.Group, Lanes);
        Warps = [.. Enumerable.Range(0, (size + WarpSize - 1) / WarpSize)
            .Select(w => new Meeting(Scope.Warp, new(Lanes, w * WarpSize, Math.Min(WarpSize, size - w * WarpSize))))];
    }

    internal Launch Launch { get; }
    internal Index3D Index { get; private set; }
    internal Lane[] Lanes { get; }
    internal Meeting Everyone { get; }
    internal Meeting[] Warps { get; }
    internal TrackedMemory Shared { get; } = new("shared");
    internal int Barriers => Everyone.Barriers;

    /// <summary>Runs the group at <paramref name="index"/> of the grid; throws what went wrong.</summary>
    internal void Run(Index3D index)
    {
        Index = index;
        left = 0;
        Shared.Reset();
        Everyone.Reset();
        foreach (Meeting warp in Warps)
            warp.Reset();
        foreach (Lane lane in Lanes)
        {
            lane.Reset();
            ready.Enqueue(lane);
        }
        HandOver(null);
        done.Wait();
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
    }

    internal ArrayView<T> DynamicShared<T>() where T : unmanaged
    {
        if (!Launch.Shared.UsesDynamicSharedMemory)
            return ArrayView<T>.Empty;
        return Shared.Allocate<byte>(DynamicSite, Launch.Shared.ArraySize).Cast<T>();
    }

    internal void ThrowIfStopped()
    {
        if (fault is not null)
            throw new GroupStoppedException();
    }

    /// <summary>Called by a lane that has come to a meeting; returns when all of them have.</summary>
    internal void Meet(Lane lane, Meeting meeting)
    {
        if (meeting.Arrive())
            Complete(lane, meeting);
        else
        {
            HandOver(null);
            lane.Thread!.Sleep();
            ThrowIfStopped();
        }
    }

    /// <summary>Called by a lane's thread when the lane has ended; the lane to run next on that thread, if any.</summary>
    internal Lane? Leave(LaneThread thread)
    {
        left++;
        return HandOver(thread);
    }

    /// <summary>Records the first fault and lets every waiting lane unwind; <paramref name="running"/> is the one that does so already.</summary>
    internal void Stop(KernelFaultException first, Lane? running)
    {
        if (fault is not null)
            return;
        fault = first;
        foreach (Lane lane in Lanes)
            if (lane.WaitsAt is not null && lane != running && !ready.Contains(lane))
                ready.Enqueue(lane);
    }

    private void Complete(Lane last, Meeting meeting)
    {
        Lane? other = meeting.Members.FirstOrDefault(lane => lane.Site != last.Site || lane.WaitsAt != last.WaitsAt);
        if (other is not null)
            throw Divergent(last, other);
        meeting.Complete(ordersMemory: meeting.Scope == Scope.Group || last.WaitsAt == "Warp.Barrier");
        foreach (Lane lane in meeting.Members)
            if (lane != last)
                ready.Enqueue(lane);
    }

    // Starts or wakes the next lane. A thread that has no lane of its own any more runs a fresh one itself: no switch of threads.
    private Lane? HandOver(LaneThread? idle)
    {
        while (true)
        {
            if (ready.TryDequeue(out Lane? next))
            {
                if (next.Thread is { } sleeping)
                    sleeping.Wake();
                else if (idle is not null)
                    return next;
                else
                    LaneThread.Start(next);
                return null;
            }
            if (left == Lanes.Length)
            {
                done.Release();
                return null;
            }
            Lane waiting = Lanes.First(lane => lane.WaitsAt is not null);
            Meeting expected = waiting.WaitsAt!.StartsWith("Warp", StringComparison.Ordinal) ? waiting.Warp : Everyone;
            Stop(Divergent(waiting, expected.Members.First(lane => lane.HasLeft || lane.WaitsAt != waiting.WaitsAt || lane.Site != waiting.Site)), null);
        }
    }

    private static KernelFaultException Divergent(Lane lane, Lane other) =>
        KernelFaultException.Of(lane, KernelFault.DivergentBarrier, $"{lane.Place}, but thread {other.Index} {other.Place}");

    public void Dispose()
    {
        foreach (Lane lane in Lanes)
            lane.Dispose();
        Shared.Dispose();
    }
}
