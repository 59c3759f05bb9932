using CommandLine;
using CommandLine.Text;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Runs.Bench;

namespace Lacuna.Cli.Verbs;

[Verb("kernels", HelpText = "List the GPU kernels, compile them ahead of time without a GPU, or check them on one.")]
internal sealed class KernelsVerb : CommonOptions, IVerb
{
    [Option("emit-ptx", HelpText = "Folder to compile every kernel into; '--ptx FOLDER' of the other verbs runs from it.")]
    public string? Folder { get; set; }

    [Option("arch", Default = "sm_90", HelpText = "Architecture to compile for; later ones run it too.")]
    public string Architecture { get; set; } = "sm_90";

    [Option("check", HelpText = "Compare what the kernels compute on the device with their CPU paths, or on the CPU those with the operators in float64; exit code 1 when one differs.")]
    public bool Check { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Compile for a machine that has a GPU but no ILGPU", Brief, new KernelsVerb { Folder = "ptx" })];

    public int Run(Host host)
    {
        if (Check && Folder is not null) throw new UsageException("--check runs kernels and --emit-ptx compiles them; give one of the two.");
        if (Check) return Compare(host);
        if (Folder is null) List(host);
        else Emit(host, Folder, ComputeCapability.Parse(Architecture));
        return ExitCode.Done;
    }

    private int Compare(Host host)
    {
        var compute = OpenCompute(host);
        if (!compute.Kernels.HasNative(compute.Device)) throw new InvalidOperationException($"On {compute.Device} the tensor library's operators do the kernels' work, so there is nothing to check.");
        var findings = new List<KernelFinding>();
        foreach (var finding in KernelCheck.Run(compute, host.Interrupt))
        {
            findings.Add(finding);
            if (!Json) host.Out.WriteLine(FormattableString.Invariant($"{(finding.Holds ? "OK  " : "MISS")} {finding.Operation,-40} {finding.Shape,-32} {finding.LargestDifference:0.0e+00} of {finding.Limit:0e+00}"));
        }
        var missed = findings.Count(finding => !finding.Holds);
        if (Json) host.WriteJson(new { device = compute.Device.ToString(), yardstick = KernelCheck.YardstickOn(compute.Device), missed, findings });
        else host.Out.WriteLine(FormattableString.Invariant($"{findings.Count - missed} of {findings.Count} as near to {KernelCheck.YardstickOn(compute.Device)} as rounding allows, on {compute.Device}"));
        return missed == 0 && findings.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private void List(Host host)
    {
        var kernels = KernelCatalogue.All.Select(kernel => new Listed(kernel.Name, kernel.GroupSize, kernel.Exact, KernelLaunchers.ParametersOf(kernel))).ToArray();
        if (Json)
        {
            host.WriteJson(kernels);
            return;
        }
        foreach (var kernel in kernels)
        {
            host.Out.WriteLine($"{kernel.Name}, {(kernel.ExactGroup ? "exactly " : "")}{kernel.GroupSize} threads a group");
            host.Out.WriteLine("    " + string.Join(", ", kernel.Parameters.Select(parameter => $"{parameter.Type} {parameter.Name}")));
        }
        host.Out.WriteLine($"{kernels.Length} kernels");
    }

    private void Emit(Host host, string folder, ComputeCapability architecture)
    {
        var manifest = KernelLaunchers.Emit(folder, architecture, kernel =>
        {
            if (!Json) host.Out.WriteLine($"{kernel.Name,-56}{kernel.Bytes,9} bytes  {kernel.File}");
        }, host.Interrupt);
        if (Json) host.WriteJson(manifest);
        else host.Out.WriteLine($"{manifest.Kernels.Count} kernels by {manifest.Compiler} for {manifest.Architecture}, to run on {manifest.Target} and later, in {folder}");
    }

    private sealed record Listed(string Name, int GroupSize, bool ExactGroup, IReadOnlyList<KernelParameter> Parameters);
}
