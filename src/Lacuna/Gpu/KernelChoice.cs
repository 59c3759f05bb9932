namespace Lacuna.Gpu;

/// <summary>What does the hot paths' work.</summary>
public enum KernelChoice
{
    /// <summary>The kernels: their CPU paths on the CPU, launches on CUDA.</summary>
    Native,

    /// <summary>The tensor library's operators, to compare with.</summary>
    Operators,
}
