using CommandLine;
using CommandLine.Text;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Cli.Verbs;

[Verb("kernels", HelpText = "List the GPU kernels, or compile them ahead of time; no GPU is needed.")]
internal sealed class KernelsVerb : IVerb
{
    [Option("emit-ptx", HelpText = "Folder to compile every kernel into; '--ptx FOLDER' of the other verbs runs from it.")]
    public string? Folder { get; set; }

    [Option("arch", Default = "sm_90", HelpText = "Architecture to compile for; later ones run it too.")]
    public string Architecture { get; set; } = "sm_90";

    [Option("json", HelpText = "Print one JSON document instead of tables.")]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Compile for a machine that has a GPU but no ILGPU", new UnParserSettings { SkipDefault = true }, new KernelsVerb { Folder = "ptx" })];

    public int Run(Host host)
    {
        if (Folder is null) List(host);
        else Emit(host, Folder, ComputeCapability.Parse(Architecture));
        return ExitCode.Done;
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
