#if !PORTABLE_KERNELS
using System.Collections.Concurrent;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>
/// Runs what ILGPU compiles a kernel to, instruction by instruction, in the memory of tensors of the CPU: with groups of the size that a device gets,
/// and a grid that never covers the work at once where the kernel may stride. What ILGPU might get wrong shows here without a device; what the
/// driver's own compiler does afterwards does not.
/// </summary>
internal sealed class PtxLauncher : IKernelLauncher
{
    private const int Groups = 3;

    private static readonly ConcurrentDictionary<string, PtxProgram> Programs = new();

    /// <summary>Kernels launched, in order.</summary>
    public List<string> Launched { get; } = [];

    /// <inheritdoc/>
    public bool Serves(Device device) => device.type == TorchSharp.DeviceType.CPU;

    /// <inheritdoc/>
    public void Launch(string kernel, Device device, LaunchSize size, params ReadOnlySpan<KernelArgument> arguments)
    {
        var entry = KernelCatalogue.Get(kernel);
        var layout = new ParameterLayout(entry);
        var program = Programs.GetOrAdd(kernel, _ =>
        {
            var ptx = new IlgpuCompiler().Get(entry, new ComputeCapability(9, 0));
            return new PtxProgram(ptx.Text, ptx.Entry);
        });
        Assert.Equal(program.ParameterBytes, layout.Bytes);
        var block = new byte[layout.Bytes];
        layout.Pack(arguments, block);
        Launched.Add(kernel);
        if (size.X == 0 || size.Y == 0) return;
        var memory = new List<(long, long)>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind == KernelArgumentKind.View) memory.Add((arguments[i].Bits, arguments[i].Length * layout.Parameters[i].ElementBytes));
        }
        var grid = size.Exact ? ((int)size.X, (int)size.Y) : ((int)Math.Min(size.X, Groups), (int)Math.Min(size.Y, Groups));
        for (var y = 0; y < grid.Item2; y++)
        {
            for (var x = 0; x < grid.Item1; x++) new PtxGroup(program, block, memory, (x, y), grid, entry.GroupSize).Run();
        }
    }
}
#endif
