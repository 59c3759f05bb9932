using ILGPU;

namespace Lacuna.Portable.Simulation;

/// <summary>A kernel did what it must not do on a device.</summary>
public sealed class KernelFaultException : Exception
{
    private KernelFaultException(KernelFault fault, string kernel, Index3D group, Index3D thread, string what, long? index, long? length, Exception? inner)
        : base($"{kernel}, group {group}, thread {thread}: {what}.", inner)
    {
        Fault = fault;
        Kernel = kernel;
        Group = group;
        Thread = thread;
        Index = index;
        Length = length;
    }

    public KernelFault Fault { get; }
    /// <summary>The kernel's type and method name.</summary>
    public string Kernel { get; }
    /// <summary>Place of the group in the grid.</summary>
    public Index3D Group { get; }
    /// <summary>Place of the thread in its group.</summary>
    public Index3D Thread { get; }
    /// <summary>The offending index, in elements, where there is one.</summary>
    public long? Index { get; }
    /// <summary>The length it had to stay below, in elements.</summary>
    public long? Length { get; }

    /// <summary>A fault of the calling thread; of the host when it runs no kernel.</summary>
    internal static KernelFaultException At(KernelFault fault, string what, long? index = null, long? length = null, Exception? inner = null) =>
        Lane.CurrentOrNull is { } lane ? Of(lane, fault, what, index, length, inner) : new(fault, "Host code", default, default, what, index, length, inner);

    internal static KernelFaultException Of(Lane lane, KernelFault fault, string what, long? index = null, long? length = null, Exception? inner = null) =>
        new(fault, lane.Group.Launch.Kernel, lane.Group.Index, lane.Index, what, index, length, inner);
}
