using Lacuna.Kernels;

namespace Lacuna.Runs;

/// <summary>Which code computes. Work is only taken for done when the same code did it.</summary>
/// <param name="Lacuna">Version of the engine, with the commit where the build knows it.</param>
/// <param name="Build">What the compiler made of the sources: builds are deterministic, so it changes with every change of the engine, the kernels or the tensor stack, and with nothing else.</param>
public sealed record CodeVersion(string Lacuna, string Build)
{
    /// <summary>That of this process.</summary>
    public static CodeVersion Current { get; } = new(RunEnvironment.EngineVersion,
        string.Join('.', new[] { typeof(CodeVersion), typeof(CropAndFlip), typeof(torch) }.Select(type => type.Module.ModuleVersionId.ToString("N")[..8])));
}
