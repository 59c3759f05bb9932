using CommandLine;
using CommandLine.Text;
using Lacuna.Evaluation.Verification;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Cli.Verbs;

[Verb("verify", HelpText = "Recompute every quantity of a reference file made with PyTorch and say how close each came.")]
internal sealed class VerifyVerb : CommonOptions, IVerb
{
    [Option("checkpoint", Required = true, HelpText = "The network the reference was made with.")]
    public string Checkpoint { get; set; } = "";

    [Option("arch", ResourceType = typeof(HelpTexts), HelpText = nameof(HelpTexts.FileArchitecture))]
    public string? Architecture { get; set; }

    [Option("torchscript", HelpText = "Run the program inside a TorchScript checkpoint: only for files you trust.")]
    public bool TorchScript { get; set; }

    [Option("form", HelpText = "Which form of the network, if the file does not say: cifar or imagenet (default: by image size).")]
    public Form? Form { get; set; }

    [Option("patch", HelpText = "Side of a Vision Transformer's patches in pixels, if the file does not say (default: by image size).")]
    public int? Patch { get; set; }

    [Option("reference", Required = true, HelpText = "The reference values (safetensors).")]
    public string Reference { get; set; } = "";

    [Option("mean", Separator = ',', HelpText = "Normalisation mean a channel (default: ImageNet's for three channels, none for TorchScript).")]
    public IEnumerable<float> Mean { get; set; } = [];

    [Option("std", Separator = ',', HelpText = "Normalisation deviation a channel.")]
    public IEnumerable<float> Std { get; set; } = [];

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Check against PyTorch", Brief, new VerifyVerb { Checkpoint = "resnet20.th", Architecture = "resnet20", Reference = "resnet20.safetensors" })];

    public int Run(Host host)
    {
        var compute = OpenCompute(host);
        var images = CheckpointReader.Read(Reference).Find("x")
            ?? throw new CheckpointException(Reference, "has no tensor 'x' with the images. It is not a reference file of the documented form.");
        if (images.Shape.Length != 4) throw new CheckpointException(Reference, $"has 'x' of shape [{string.Join(", ", images.Shape)}]; it must be [N, C, H, W].");
        var channels = checked((int)images.Shape[1]);
        float[] mean = [.. Mean], std = [.. Std];
        var named = mean.Length == 0 && std.Length == 0 ? null : new Normalisation(mean, std);
        using var model = ModelFile.Load(Checkpoint, Architecture,
            new ModelOptions(10, channels, checked((int)images.Shape[2]), checked((int)images.Shape[3]), named ?? Normalisation.Default(channels), Form, Patch), host.Warn, TorchScript ? new(named) : null);
        NetworkOptions.RequireAsked(Checkpoint, model.Architecture, model.Options, Form, Patch, classes: null);
        model.to(compute.Device);

        var findings = new List<Finding>();
        using var progress = new ProgressLine(host, Quiet);
        foreach (var finding in ReferenceVerifier.Verify(model, Reference, compute, host.Interrupt))
        {
            findings.Add(finding);
            if (!Json) host.Out.WriteLine(Line(finding));
        }
        var missed = findings.Count(f => !f.Holds);
        if (Json) host.WriteJson(new { checkpoint = Checkpoint, architecture = model.Architecture, reference = Reference, quantities = findings.Count, missed, findings });
        else host.Out.WriteLine(missed == 0 ? $"All {findings.Count} quantities hold." : $"{missed} of {findings.Count} quantities miss their limit.");
        return missed == 0 && findings.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Line(Finding f) => FormattableString.Invariant(
        $"{(f.Holds ? "OK  " : "MISS")} {f.Quantity,-34} abs {f.LargestAbsolute,9:0.00e+00}  rel {f.LargestRelative,9:0.00e+00}  {f.Closeness,6:0.000} of limit {f.Limit,-20} {f.Note}").TrimEnd();
}
