using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Lacuna.Kernels;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// ILGPU as a compiler of kernels to PTX, and nothing else: no device, no driver and no context of its own are there, so it works on any machine.
/// <para>
/// ILGPU writes <c>.target sm_80</c> for every later architecture, since none of what it emits needs more. That is left as it is: the driver compiles
/// the PTX for the very device it finds, and the oldest PTX version that knows sm_80 lets drivers since CUDA 11.0 do so.
/// </para>
/// <para>
/// ILGPU marks conditional branches as uniform (<c>bra.uni</c>) which its analysis takes for the same in all lanes of a warp, and that analysis is wrong
/// about values which went through shuffles and loops: branches that do divide a warp were found so marked, for which PTX defines no behaviour.
/// The mark is only a hint, and the driver's compiler sees for itself what is uniform; so it is taken off.
/// </para>
/// </summary>
internal sealed partial class IlgpuCompiler : IPtxSource
{
    private static readonly CudaInstructionSet Version = CudaInstructionSet.ISA_70;

    /// <inheritdoc/>
    public string Compiler { get; } = $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}, PTX {Version}, O2, no uniform branches";

    /// <inheritdoc/>
    public KernelPtx Get(KernelEntry kernel, ComputeCapability architecture)
    {
        try
        {
            // A context of its own: a compilation that fails leaves ILGPU's context unusable for the next.
            using var context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2));
            using var backend = new PTXBackend(context, new CudaArchitecture(architecture.Major, architecture.Minor), Version, null!);
            var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), new KernelSpecialization(kernel.GroupSize, null));
            return new(compiled.Name, UniformBranch().Replace(compiled.PTXAssembly, "$1"));
        }
        catch (Exception e)
        {
            // Whatever type it has: ILGPU's own, or those of .NET from its inside.
            throw new InvalidOperationException($"{kernel.Name} does not compile with {Compiler} for {architecture}: {e.GetBaseException().Message}", e);
        }
    }

    [GeneratedRegex(@"(?m)^(\s*@!?%p\d+\s+bra)\.uni\b")]
    private static partial Regex UniformBranch();
}
