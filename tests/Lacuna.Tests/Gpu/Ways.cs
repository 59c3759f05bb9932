using Lacuna.Gpu;

namespace Lacuna.Tests.Gpu;

/// <summary>
/// The three ways of an operation: the tensor library's operators, the kernel's CPU path, the kernel itself. That runs in the simulator, or where ILGPU
/// is built in, as the PTX that ILGPU compiles it to.
/// </summary>
internal static class Ways
{
    /// <summary>Names, for theories.</summary>
    public static string[] All { get; } = ["operators", "cpu", "launch"];

    /// <summary>The same, for theories over nothing else.</summary>
    public static TheoryData<string> Theory => [.. All];

    /// <summary>The way of that name.</summary>
    public static TensorKernels Of(string way) => way switch
    {
        "operators" => TensorKernels.Operators,
        "cpu" => TensorKernels.Native,
#if PORTABLE_KERNELS
        "launch" => new TensorKernels(KernelChoice.Native, new SimulatedLauncher()),
#else
        "launch" => new TensorKernels(KernelChoice.Native, new Ptx.PtxLauncher()),
#endif
        _ => throw new ArgumentException($"There is no way '{way}'."),
    };
}
