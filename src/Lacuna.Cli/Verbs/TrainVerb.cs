using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

[Verb("train", HelpText = "Train a network on a data set.")]
internal sealed class TrainVerb : DataOptions, IVerb
{
    [Option("arch", Default = "cnn-s", HelpText = "cnn-s, resnet20, resnet32, resnet44, resnet56 or resnet18.")]
    public string Architecture { get; set; } = "cnn-s";

    [Option("out", Required = true, HelpText = "Folder for the results; must be new or empty.")]
    public string Out { get; set; } = "";

    [Option("epochs", Default = 6, HelpText = "Passes over the data.")]
    public int Epochs { get; set; } = 6;

    [Option("batch", Default = 128, HelpText = "Images a step.")]
    public int BatchSize { get; set; } = 128;

    [Option("lr", Default = 0.1, HelpText = "Highest learning rate.")]
    public double LearningRate { get; set; } = 0.1;

    [Option("weight-decay", Default = 5e-4, HelpText = "Weight decay.")]
    public double WeightDecay { get; set; } = 5e-4;

    [Option("label-smoothing", Default = 0.0, HelpText = "Share of every label spread over all classes.")]
    public double LabelSmoothing { get; set; }

    [Option("crop", Default = 0, HelpText = "Zero pixels around an image before a random crop; 0 for none.")]
    public int Crop { get; set; }

    [Option("flip", HelpText = "Mirror half of the images.")]
    public bool Flip { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Train a ResNet-20 on your IDX files", Brief, new TrainVerb { Architecture = "resnet20", Data = "data/mnist", Epochs = 20, Crop = 4, Out = "runs/mnist" })];

    public int Run(Host host)
    {
        var recipe = new TrainingOptions { Epochs = Epochs, BatchSize = BatchSize, LearningRate = LearningRate, WeightDecay = WeightDecay, LabelSmoothing = LabelSmoothing, Augmentation = new Augmentation(Crop, Flip) };
        recipe.Validate();
        var compute = OpenCompute(host);
        var (train, test) = LoadData();
        // Before the folder is made: a wrong name or images too small must not leave one behind.
        using var model = ModelZoo.Create(Architecture, ShapeFor(train), Seed);
        var directory = RunDirectory.Create(Out);
        using var progress = new ProgressLine(host, Quiet);
        var environment = RunEnvironment.Current(compute, host.Clock);
        directory.Write("environment.json", environment);
        directory.Write("config.json", new { verb = "train", architecture = Architecture, data = train.Name, data_hash = train.ContentHash, seed = Seed, training = recipe });
        var experiment = new Experiment(train, test, new DrawSource(Seed), compute, directory, host.Clock, progress);
        var seconds = experiment.TrainOriginal(model, recipe, host.Interrupt);
        ModelFile.Save(model, directory.FileAt("model.safetensors"));
        var predictor = new Predictor(model, null, compute);
        var result = new TrainResult(Architecture, environment, seconds,
            predictor.Of(train, [.. Enumerable.Range(0, train.Count)], host.Interrupt).AccuracyPercent,
            predictor.Of(test, [.. Enumerable.Range(0, test.Count)], host.Interrupt).AccuracyPercent);
        directory.Write("metrics.json", result);
        progress.Clear();
        if (Json) host.WriteJson(result);
        else host.Out.WriteLine(FormattableString.Invariant($"{Architecture}: {result.TrainAccuracy:0.00} % of the training and {result.TestAccuracy:0.00} % of the test images right, {seconds:0.0} s. Saved {directory.FileAt("model.safetensors")}"));
        return ExitCode.Done;
    }

    private sealed record TrainResult(string Architecture, RunEnvironment Environment, double Seconds, double TrainAccuracy, double TestAccuracy);
}
