using CommandLine;
using CommandLine.Text;
using Lacuna.Evaluation;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

[Verb("train", HelpText = "Train a network on a data set.")]
internal sealed class TrainVerb : NetworkOptions, IRecipeOptions, IVerb
{
    [Option("preset", HelpText = "A network and recipe by name, see below; other options change it.")]
    public string? Preset { get; set; }

    [Option("arch", ResourceType = typeof(HelpTexts), HelpText = nameof(HelpTexts.Architecture))]
    public string? Architecture { get; set; }

    [Option("out", Required = true, HelpText = "Folder for the results; must be new or empty.")]
    public string Out { get; set; } = "";

    [Option("epochs", HelpText = "Passes over the data (default: 6).")]
    public int? Epochs { get; set; }

    [Option("batch", HelpText = "Images a step (default: 128).")]
    public int? BatchSize { get; set; }

    [Option("lr", HelpText = "Highest learning rate (default: 0.1).")]
    public double? LearningRate { get; set; }

    [Option("momentum", HelpText = "Momentum of SGD (default: 0.9).")]
    public double? Momentum { get; set; }

    [Option("nesterov", HelpText = "Nesterov's form of momentum.")]
    public bool Nesterov { get; set; }

    [Option("no-nesterov", HelpText = "Plain momentum where the preset has Nesterov's.")]
    public bool NoNesterov { get; set; }

    [Option("weight-decay", HelpText = "Weight decay (default: 0.0005).")]
    public double? WeightDecay { get; set; }

    [Option("warmup", HelpText = "Share of all steps during which the learning rate rises; it falls along a cosine then (default: 0.25).")]
    public double? Warmup { get; set; }

    [Option("label-smoothing", HelpText = "Share of every label spread over all classes (default: 0).")]
    public double? LabelSmoothing { get; set; }

    [Option("early-share", HelpText = "Share of the epochs, the first ones, that see random crops of side --early-size: cheaper ones (default: 0).")]
    public double? EarlyShare { get; set; }

    [Option("early-size", HelpText = "Side of the images in the early epochs, in pixels.")]
    public int? EarlySize { get; set; }

    [Option("precision", HelpText = "In what type the network multiplies: float32, tf32 (CUDA alone) or bf16; weights, loss and optimiser stay float32 (default: float32).")]
    public Precision? Precision { get; set; }

    [Option("crop", HelpText = "Random crops, shifted by up to so many pixels; zeros beyond the image. 0 for none (default).")]
    public int? Crop { get; set; }

    [Option("random-resized-crop", HelpText = "Crops of random size and shape, scaled, of this share of the image's area at least; 0.08 is usual for photographs. Not with --crop.")]
    public double? RandomResizedCrop { get; set; }

    [Option("flip", HelpText = "Mirror half of the images.")]
    public bool Flip { get; set; }

    [Option("no-flip", HelpText = "Mirror none where the preset does.")]
    public bool NoFlip { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Train a ResNet-20 on your IDX files", Brief, new TrainVerb { Architecture = "resnet20", Data = "data/mnist", Epochs = 20, Crop = 4, Out = "runs/mnist" })];

    /// <summary>The defaults, or the preset, with what the command line changes.</summary>
    internal TrainingOptions Recipe() => IRecipeOptions.Recipe(this, new());

    public int Run(Host host)
    {
        var recipe = Recipe();
        var architecture = Architecture ?? (Preset is null ? "cnn-s" : TrainingPresets.Named(Preset).Architecture);
        var compute = OpenCompute(host);
        recipe.CheckRunsOn(compute.Device);
        var (train, test, source) = LoadData(host);
        // Before the folder is made: a wrong name or images too small must not leave one behind.
        using var model = ModelZoo.Create(architecture, ShapeFor(train), Seed);
        recipe.CheckFits(model);
        var directory = RunDirectory.Create(Out);
        using var progress = new ProgressLine(host, Quiet);
        var environment = RunEnvironment.Current(compute, host.Clock);
        directory.Write("environment.json", environment);
        directory.Write("config.json", new { verb = "train", command = host.Command, architecture, data = train.Name, data_hash = train.ContentHash, data_source = source, seed = Seed, preset = Preset, training = recipe });
        var experiment = new Experiment(train, test, new DrawSource(Seed), compute, directory, host.Clock, progress);
        var seconds = Train(experiment, model, recipe, host);
        var predictor = new Predictor(model, null, compute);
        var result = new TrainResult(architecture, environment, seconds,
            predictor.Of(train, [.. Enumerable.Range(0, train.Count)], host.Interrupt).AccuracyPercent,
            predictor.Of(test, [.. Enumerable.Range(0, test.Count)], host.Interrupt).AccuracyPercent);
        directory.Write("metrics.json", result);
        progress.Clear();
        if (Json) host.WriteJson(result);
        else host.Out.WriteLine(FormattableString.Invariant($"{architecture}: {result.TrainAccuracy:0.00} % of the training and {result.TestAccuracy:0.00} % of the test images right, {seconds:0.0} s. Saved {directory.FileAt("model.safetensors")}"));
        return ExitCode.Done;
    }

    /// <summary>Trains and saves. Until the end the network after the last whole epoch lies beside, so that an interrupted run is not lost.</summary>
    private static double Train(Experiment experiment, Classifier model, TrainingOptions recipe, Host host)
    {
        var last = experiment.Directory.FileAt("model.epoch.safetensors");
        try
        {
            var seconds = experiment.TrainOriginal(model, recipe, host.Interrupt, last);
            ModelFile.Save(model, experiment.Directory.FileAt("model.safetensors"));
            File.Delete(last);
            return seconds;
        }
        catch (OperationCanceledException) when (File.Exists(last))
        {
            host.Error.WriteLine($"The network after the last whole epoch is in {last}");
            throw;
        }
    }

    private sealed record TrainResult(string Architecture, RunEnvironment Environment, double Seconds, double TrainAccuracy, double TestAccuracy);
}
