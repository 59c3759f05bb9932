using System.Runtime.CompilerServices;

namespace TorchSharp.Tests;

/// <summary>
/// A fact of the portable half that the official package does not share: it checks less, or does it another way. On the
/// package the test is skipped and says which difference it is about, so that the rest can be run against both.
/// </summary>
public sealed class PortableFactAttribute : FactAttribute
{
    /// <param name="difference">What the package does instead.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public PortableFactAttribute(string difference, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line) =>
        Skip = Portable.SkipFor(difference);
}

/// <summary>The same for a theory.</summary>
public sealed class PortableTheoryAttribute : TheoryAttribute
{
    /// <param name="difference">What the package does instead.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public PortableTheoryAttribute(string difference, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line) =>
        Skip = Portable.SkipFor(difference);
}

internal static class Portable
{
#if PORTABLE_TENSORS
    public static string? SkipFor(string _) => null;
#else
    public static string? SkipFor(string difference) => "TorchSharp 0.106 differs: " + difference;
#endif
}
