using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>Writes PTX that has an entry and does nothing.</summary>
internal sealed class FakeCompiler : IPtxSource
{
    /// <summary>What was asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What the PTX says instead of the kernel's entry.</summary>
    public string? Instead { get; init; }

    /// <inheritdoc/>
    public string Compiler { get; init; } = "none";

    /// <inheritdoc/>
    public KernelPtx Get(KernelEntry kernel, ComputeCapability architecture)
    {
        lock (Asked) Asked.Add($"{kernel.Name} {architecture}");
        return new("Kernel_" + kernel.Method.Name, Instead ?? $".version 7.0\n.target sm_80\n.visible .entry Kernel_{kernel.Method.Name}(){{ret;}}\n");
    }
}
