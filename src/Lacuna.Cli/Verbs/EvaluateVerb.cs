using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

[Verb("evaluate", HelpText = "Measure every network of some runs, or one network, with or without a forget vector, on a split.")]
internal sealed class EvaluateVerb : NetworkOptions, IVerb
{
    [Value(0, MetaName = "RUN...", HelpText = "Folders of runs (unlearn, demo, experiment): every network in them is measured on its split.")]
    public IEnumerable<string> Runs { get; set; } = [];

    [Option("checkpoint", HelpText = "One network to measure: safetensors, PyTorch file or TorchScript.")]
    public string? Checkpoint { get; set; }

    [Option("out", HelpText = "For runs: the file for all figures as JSON, which must be new (default: evaluation.json in the first run, evaluation-2.json where that is there).")]
    public string? Out { get; set; }

    [Option("arch", ResourceType = typeof(HelpTexts), HelpText = nameof(HelpTexts.FileArchitecture))]
    public string? Architecture { get; set; }

    [Option("torchscript", HelpText = ScriptHelp)]
    public bool TorchScript { get; set; }

    [Option("forget-vector", HelpText = "A vector that 'unlearn forget-vector' wrote; it is added to every image.")]
    public string? Vector { get; set; }

    [Option("oracle", HelpText = "A network retrained on the same split, to measure the gap against.")]
    public string? OracleCheckpoint { get; set; }

    [Option("forget", SetName = "words", HelpText = Words.Forget)]
    public string? Forget { get; set; }

    [Option("split", SetName = "folder", HelpText = "Folder of a run that holds the split (split.json, forget.txt, retain.txt); its seed takes the place of --seed.")]
    public string? SplitFolder { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Measure the demo's forget vector", Brief, new EvaluateVerb { Checkpoint = "runs/demo/original.safetensors", Vector = "runs/demo/class/forget-vector.safetensors", SplitFolder = "runs/demo/class" })];

    public int Run(Host host)
    {
        if (Runs.Any()) return EvaluateRuns.Run(this, host);
        if (Checkpoint is null) throw new UsageException("Say what to measure: the folders of runs, or one network with --checkpoint FILE and --forget WORDS or --split FOLDER.");
        if (Out is not null) throw new UsageException("--out is for runs. For one network, --json prints everything.");
        return One(Checkpoint, host);
    }

    /// <summary>The device, opened.</summary>
    internal Compute Open(Host host) => OpenCompute(host);

    private int One(string checkpoint, Host host)
    {
        if (Forget is null == SplitFolder is null) throw new UsageException("Say what was to be forgotten: either --forget WORDS or --split FOLDER.");
        var spec = Forget is null ? null : ForgetSetSpec.Parse(Forget);
        var compute = OpenCompute(host);
        var (train, test, _) = LoadData(host);
        var split = spec is null ? ForgetSplit.Load(SplitFolder!) : spec.Split(train, new DrawSource(Seed), test);
        // With the run's own seed the membership attack meets the same images, and the run's figures come again.
        var draws = new DrawSource(split.Seed);
        split.CheckBelongsTo(train);
        using var model = LoadModel(checkpoint, Architecture, TorchScript, train, compute.Device, host);
        var passes = PassPlan.Of(model, compute.Kernels);
        using var vector = Vector is null ? null : ForgetVectorFile.Load(Vector, model.Options, compute.Device);
        using var oracle = OracleCheckpoint is null ? null : LoadModel(OracleCheckpoint, Architecture, TorchScript, train, compute.Device, host);
        var evaluator = new MetricsEvaluator(train, test, split, draws, compute);
        var rows = new List<ResultRow>();
        if (oracle is not null) rows.Add(Row(ResultTable.Oracle, evaluator.Measure(oracle, null, host.Interrupt).Metrics));
        rows.Add(Row(Name(checkpoint), evaluator.Measure(model, vector, host.Interrupt).Metrics));
        var table = new ResultTable($"{Path.GetFileName(checkpoint)}, forget set {split.Spec}", split.Spec, split.Forget.Length, split.Retain.Length, rows)
            .WithGapsTo(oracle is null ? null : rows[0]);
        if (Json) host.WriteJson(table);
        else
        {
            ResultScreen.Print(host, table);
            host.Out.WriteLine($"Passes: {passes}");
        }
        return ExitCode.Done;
    }

    private string Name(string checkpoint) => Path.GetFileNameWithoutExtension(checkpoint) + (Vector is null ? "" : " + " + Path.GetFileNameWithoutExtension(Vector));

    private static ResultRow Row(string name, UnlearningMetrics metrics) => new(name, metrics, null, null, null, null);
}
