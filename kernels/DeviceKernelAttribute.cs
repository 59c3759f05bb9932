namespace Lacuna.Kernels;

/// <summary>
/// Marks a method that is compiled for the device and launched by name. Its parameters are views and numbers, its grid is grouped explicitly,
/// and it must be right for any grid: the launch gives it as many groups as the device holds at once.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceKernelAttribute : Attribute
{
    /// <summary>Threads of a group along x, whole warps.</summary>
    public int GroupSize { get; init; } = 256;

    /// <summary>Whether the kernel is right for groups of exactly <see cref="GroupSize"/> threads only, and not for any number of whole warps up to it.</summary>
    public bool Exact { get; init; }
}
