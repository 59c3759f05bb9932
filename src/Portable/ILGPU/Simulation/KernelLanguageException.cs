namespace Lacuna.Portable.Simulation;

/// <summary>A kernel uses something that ILGPU cannot compile for a device. Found before the kernel runs.</summary>
public sealed class KernelLanguageException(string method, int offset, string what)
    : Exception($"{method}, IL offset 0x{offset:x}: {what}.")
{
    /// <summary>The offending method.</summary>
    public string Method { get; } = method;
}
