namespace Lacuna.Gpu.Launch;

/// <summary>What a <see cref="KernelArgument"/> is.</summary>
public enum KernelArgumentKind
{
    /// <summary>Elements in device memory.</summary>
    View,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Real,
}
