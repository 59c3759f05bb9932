using Lacuna.Kernels;

namespace Lacuna.Gpu.Launch;

/// <summary>Where the compiled kernels come from.</summary>
internal interface IPtxSource
{
    /// <summary>What compiled or compiles them, with everything but kernel and architecture that their PTX depends on.</summary>
    string Compiler { get; }

    /// <summary>A kernel for devices of an architecture; called once for each kernel and device.</summary>
    /// <exception cref="InvalidOperationException">It cannot be had; the message says why.</exception>
    KernelPtx Get(KernelEntry kernel, ComputeCapability architecture);
}
