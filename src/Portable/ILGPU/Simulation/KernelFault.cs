namespace Lacuna.Portable.Simulation;

/// <summary>What the simulator found wrong while a kernel ran.</summary>
public enum KernelFault
{
    /// <summary>An index outside its view, or a sub-view outside its parent.</summary>
    OutOfRange,
    /// <summary>A barrier or shuffle that some thread of the group or warp never reaches, or reaches at another place in the kernel.</summary>
    DivergentBarrier,
    /// <summary>Shared or local memory read before anything was written there.</summary>
    UnwrittenRead,
    /// <summary>Two threads touch the same shared memory, at least one writing, with no barrier in between.</summary>
    Race,
    /// <summary>A view of memory that was freed.</summary>
    FreedMemory,
    /// <summary>An access of 2, 4, 8 or 16 bytes at an address that is not a multiple of as many.</summary>
    Misaligned,
    /// <summary>Anything else that stops a kernel, such as a division by zero; the inner exception says more where there is one.</summary>
    Failed,
}
