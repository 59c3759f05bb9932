using ILGPU;

namespace Lacuna.Portable.Simulation;

/// <summary>One thread of the simulated group.</summary>
internal sealed class Lane(ThreadGroup group, int linear) : IDisposable
{
    [ThreadStatic]
    private static Lane? current;

    // A lane may offer its next value before a slower one has taken the last, but never gets two meetings ahead.
    private readonly object?[,] offers = new object?[2, 2];
    private TrackedMemory? local;

    internal static Lane? CurrentOrNull => current;
    internal static Lane Current => current ?? throw new InvalidOperationException(
        "Grid, Group, Warp, SharedMemory and LocalMemory have a meaning only inside a kernel; run it with KernelSimulator.Run.");

    internal ThreadGroup Group => group;
    internal int Linear => linear;
    internal Index3D Index { get; } = new(
        linear % group.Launch.GroupDim.X,
        linear / group.Launch.GroupDim.X % group.Launch.GroupDim.Y,
        linear / group.Launch.GroupDim.X / group.Launch.GroupDim.Y);
    internal Meeting Warp => group.Warps[linear / ThreadGroup.WarpSize];

    /// <summary>Number of the place in the code, see <see cref="CodeSites"/>.</summary>
    internal int Site { get; set; }
    /// <summary>What the lane waits at, such as "Group.Barrier"; null while it does not wait.</summary>
    internal string? WaitsAt { get; private set; }
    internal bool HasLeft { get; private set; }
    /// <summary>The thread that runs the lane, once it has begun.</summary>
    internal LaneThread? Thread { get; private set; }

    internal string Place => HasLeft ? "has left the kernel" : $"waits at {WaitsAt} ({CodeSites.Name(Site)})";

    internal void Reset()
    {
        local?.Reset();
        (Site, WaitsAt, HasLeft, Thread) = (0, null, false, null);
    }

    /// <summary>Runs the kernel for this lane, on the thread given, to its end.</summary>
    internal void Run(LaneThread thread)
    {
        Thread = thread;
        current = this;
        try
        {
            group.ThrowIfStopped();
            group.Launch.Body();
        }
        catch (GroupStoppedException)
        {
        }
        catch (KernelFaultException fault)
        {
            group.Stop(fault, this);
        }
        catch (Exception e)
        {
            group.Stop(KernelFaultException.Of(this, KernelFault.Failed, e.Message.TrimEnd('.'), inner: e), this);
        }
        current = null;
        HasLeft = true;
    }

    /// <summary>Waits until every lane of the warp or group has come here, each with its offer.</summary>
    internal void Meet(Scope scope, string operation, object? offer)
    {
        Meeting meeting = scope == Scope.Group ? group.Everyone : Warp;
        offers[(int)scope, meeting.Completed & 1] = offer;
        WaitsAt = operation;
        group.Meet(this, meeting);
        WaitsAt = null;
    }

    /// <summary>What lane <paramref name="source"/> offered at the meeting that has just taken place.</summary>
    internal T Offered<T>(Scope scope, int source) where T : unmanaged
    {
        int last = (scope == Scope.Group ? group.Everyone : Warp).Completed - 1;
        return (T)group.Lanes[source].offers[(int)scope, last & 1]!;
    }

    internal ArrayView<T> AllocateShared<T>(int extent) where T : unmanaged => group.Shared.Allocate<T>(Site, extent);
    internal ArrayView<T> AllocateLocal<T>(int extent) where T : unmanaged => (local ??= new("local")).Allocate<T>(Site, extent);

    internal unsafe TrackedMemory? TrackedMemoryAt(void* address) =>
        group.Shared.Contains(address) ? group.Shared : local is { } own && own.Contains(address) ? own : null;

    public void Dispose() => local?.Dispose();
}
