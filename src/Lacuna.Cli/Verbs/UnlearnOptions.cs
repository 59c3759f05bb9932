using CommandLine;
using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

/// <summary>What every unlearning method is given on the command line.</summary>
internal abstract class UnlearnOptions : NetworkOptions, IVerb
{
    [Option("checkpoint", Required = true, HelpText = "The trained network: safetensors, PyTorch file or TorchScript.")]
    public string Checkpoint { get; set; } = "";

    [Option("arch", ResourceType = typeof(HelpTexts), HelpText = nameof(HelpTexts.FileArchitecture))]
    public string? Architecture { get; set; }

    [Option("torchscript", HelpText = ScriptHelp)]
    public bool TorchScript { get; set; }

    [Option("forget", Required = true, HelpText = Words.Forget)]
    public string Forget { get; set; } = "";

    [Option("oracle", HelpText = "A network retrained on the same split, to measure the gap against.")]
    public string? OracleCheckpoint { get; set; }

    [Option("out", Required = true, HelpText = "Folder for the results; must be new or empty.")]
    public string Out { get; set; } = "";

    /// <summary>The method with its options, validated.</summary>
    internal abstract IUnlearningMethod Method();

    public int Run(Host host)
    {
        var method = Method();
        if (OracleCheckpoint is not null && method.Name == ResultTable.Oracle) throw new UsageException("'unlearn retrain' makes the oracle itself; leave --oracle out.");
        var spec = ForgetSetSpec.Parse(Forget);
        var compute = OpenCompute(host);
        var (train, test, source) = LoadData(host);
        using var original = LoadModel(Checkpoint, Architecture, TorchScript, train, compute.Device, host);
        method.CheckFits(original);
        using var oracle = OracleCheckpoint is null ? null : LoadModel(OracleCheckpoint, Architecture, TorchScript, train, compute.Device, host);
        var draws = new DrawSource(Seed);
        var split = spec.Split(train, draws, test);
        var directory = RunDirectory.Create(Out);
        directory.Write("environment.json", RunEnvironment.Current(compute, host.Clock));
        directory.Write("config.json", new { verb = "unlearn", command = host.Command, method = method.Name, preset = (this as IRecipeOptions)?.Preset, options = method.Options, checkpoint = Path.GetFullPath(Checkpoint), architecture = original.Architecture, data = train.Name, data_hash = train.ContentHash, data_source = source, forget = Forget, seed = Seed });
        using var progress = new ProgressLine(host, Quiet);
        var experiment = new Experiment(train, test, draws, compute, directory, host.Clock, progress) { Cache = NetworkCache.Default };
        var table = experiment.Unlearn("", $"Forget {Forget}: {split.Forget.Length} of {train.Count} images", split, original, [method], oracle, goOn: false, host.Interrupt);
        progress.Clear();
        if (Json) host.WriteJson(table);
        else
        {
            ResultScreen.Print(host, table);
            host.Out.WriteLine($"Saved {directory.FileAt(Experiment.FileOf(method, original))}");
        }
        return ExitCode.Done;
    }
}
