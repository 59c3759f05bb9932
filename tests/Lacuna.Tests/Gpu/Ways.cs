using Lacuna.Gpu;

namespace Lacuna.Tests.Gpu;

/// <summary>The three ways of an operation: the tensor library's operators, the kernel's CPU path, the kernel itself in the simulator.</summary>
internal static class Ways
{
    /// <summary>Names, for theories.</summary>
    public static string[] All { get; } =
#if PORTABLE_KERNELS
        ["operators", "cpu", "launch"];
#else
        ["operators", "cpu"];
#endif

    /// <summary>The same, for theories over nothing else.</summary>
    public static TheoryData<string> Theory => [.. All];

    /// <summary>The way of that name.</summary>
    public static TensorKernels Of(string way) => way switch
    {
        "operators" => TensorKernels.Operators,
        "cpu" => TensorKernels.Native,
#if PORTABLE_KERNELS
        "launch" => new TensorKernels(KernelChoice.Native, new SimulatedLauncher()),
#endif
        _ => throw new ArgumentException($"There is no way '{way}'."),
    };
}
