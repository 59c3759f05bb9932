using System.Text.RegularExpressions;

namespace Lacuna.Gpu.Launch;

/// <summary>A kernel as PTX, the assembly language that the driver compiles for its device.</summary>
/// <param name="Entry">Name of the entry in it.</param>
/// <param name="Text">The PTX.</param>
internal sealed partial record KernelPtx(string Entry, string Text)
{
    /// <summary>The oldest architecture it runs on; newer ones run it too.</summary>
    public ComputeCapability Target() => ComputeCapability.Parse(TargetLine().Match(Text).Groups[1].Value);

    [GeneratedRegex(@"(?m)^\.target (sm_\d+)")]
    private static partial Regex TargetLine();
}
