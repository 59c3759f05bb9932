using CommandLine;
using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Methods.Training;
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
    public virtual string Out { get; set; } = "";

    /// <summary>The method with its options, validated.</summary>
    internal abstract IUnlearningMethod Method();

    public virtual int Run(Host host)
    {
        using var inputs = Open(host);
        var directory = BeginIn(Out, "unlearn", inputs, host);
        using var progress = new ProgressLine(host, Quiet);
        var experiment = new Experiment(inputs.Train, inputs.Test, inputs.Draws, inputs.Compute, directory, host.Clock, progress) { Cache = NetworkCache.Default };
        var table = experiment.Unlearn("", inputs.Title, inputs.Split, inputs.Original, [inputs.Method], inputs.Oracle, goOn: false, host.Interrupt);
        progress.Clear();
        if (Json) host.WriteJson(table);
        else
        {
            ResultScreen.Print(host, table);
            host.Out.WriteLine($"Passes: {inputs.Passes}");
            host.Out.WriteLine($"Saved {directory.FileAt(Experiment.FileOf(inputs.Method, inputs.Original))}");
        }
        return ExitCode.Done;
    }

    /// <summary>Reads everything that the options name, and checks that it fits together; nothing is written.</summary>
    internal UnlearnInputs Open(Host host)
    {
        var method = Method();
        if (OracleCheckpoint is not null && method.Name == ResultTable.Oracle) throw new UsageException("'unlearn retrain' makes the oracle itself; leave --oracle out.");
        var spec = ForgetSetSpec.Parse(Forget);
        var compute = OpenCompute(host);
        (method.Options as TrainingOptions)?.CheckRunsOn(compute.Device);
        var (train, test, source) = LoadData(host);
        var original = LoadModel(Checkpoint, Architecture, TorchScript, train, compute.Device, host);
        try
        {
            method.CheckFits(original);
            var passes = PassPlan.Of(original, compute.Kernels);
            var oracle = OracleCheckpoint is null ? null : LoadModel(OracleCheckpoint, Architecture, TorchScript, train, compute.Device, host);
            var draws = new DrawSource(Seed);
            return new(method, compute, train, test, source, original, passes, oracle, draws, spec.Split(train, draws, test));
        }
        catch
        {
            original.Dispose();
            throw;
        }
    }

    /// <summary>A new folder for results, with what says how they were made.</summary>
    internal RunDirectory BeginIn(string path, string verb, UnlearnInputs inputs, Host host)
    {
        var directory = RunDirectory.Create(path);
        directory.Write("environment.json", RunEnvironment.Current(inputs.Compute, host.Clock, inputs.Original));
        directory.Write("config.json", new { verb, command = host.Command, method = inputs.Method.Name, preset = (this as IRecipeOptions)?.Preset, options = inputs.Method.Options, checkpoint = Path.GetFullPath(Checkpoint), architecture = inputs.Original.Architecture, data = inputs.Train.Name, data_hash = inputs.Train.ContentHash, data_source = inputs.Source, forget = Forget, seed = Seed });
        return directory;
    }
}
