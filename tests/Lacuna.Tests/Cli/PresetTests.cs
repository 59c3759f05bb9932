using System.Text.Json;
using CommandLine;
using Lacuna.Cli.Verbs;
using Lacuna.Data;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.Training;

namespace Lacuna.Tests.Cli;

/// <summary>Recipes by name, and what of them the command line changes.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PresetTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    private static readonly TrainingOptions cifar = TrainingPresets.Named("cifar-resnet20").Recipe;

    [Fact]
    public void APresetIsTakenWhole() => Assert.Equal(cifar, Train("--preset", "cifar-resnet20"));

    [Fact]
    public void EachValueOnTheCommandLineBeatsThePreset()
    {
        Assert.Equal(cifar with { Epochs = 3 }, Train("--preset", "cifar-resnet20", "--epochs", "3"));
        Assert.Equal(cifar with { BatchSize = 96 }, Train("--preset", "cifar-resnet20", "--batch", "96"));
        Assert.Equal(cifar with { LearningRate = 0.05 }, Train("--preset", "cifar-resnet20", "--lr", "0.05"));
        Assert.Equal(cifar with { EarlyShare = 0.2, EarlySize = 16 }, Train("--preset", "cifar-resnet20", "--early-share", "0.2", "--early-size", "16"));
        Assert.Equal(cifar with { Augmentation = new Augmentation(0, true, 0.3) }, Train("--preset", "cifar-resnet20", "--random-resized-crop", "0.3"));
        Assert.Equal(cifar with { Momentum = 0.8 }, Train("--preset", "cifar-resnet20", "--momentum", "0.8"));
        Assert.Equal(cifar with { Nesterov = false }, Train("--preset", "cifar-resnet20", "--no-nesterov"));
        Assert.Equal(cifar with { WeightDecay = 0 }, Train("--preset", "cifar-resnet20", "--weight-decay", "0"));
        Assert.Equal(cifar with { WarmupShare = 0 }, Train("--preset", "cifar-resnet20", "--warmup", "0"));
        Assert.Equal(cifar with { LabelSmoothing = 0.1 }, Train("--preset", "cifar-resnet20", "--label-smoothing", "0.1"));
        Assert.Equal(cifar with { Precision = Precision.Bf16 }, Train("--preset", "cifar-resnet20", "--precision", "bf16"));
        Assert.Equal(cifar with { Augmentation = new Augmentation(0, true) }, Train("--preset", "cifar-resnet20", "--crop", "0"));
        Assert.Equal(cifar with { Augmentation = new Augmentation(2, false) }, Train("--preset", "cifar-resnet20", "--no-flip"));
        Assert.Equal(new TrainingOptions { Nesterov = true, Augmentation = new Augmentation(0, true) }, Train("--nesterov", "--flip"));
    }

    [Fact]
    public void RetrainAndFineTuneTakeTheSameOptions()
    {
        string[] required = ["--checkpoint", "c", "--forget", "class:1", "--out", "o"];
        Assert.Equal(cifar with { Epochs = 4 }, Parse<RunRetrain>([.. required, "--preset", "cifar-resnet20", "--epochs", "4"]).Method().Options);
        Assert.Equal(FineTuneMethod.Defaults with { Momentum = 0.5, Nesterov = true, WarmupShare = 0.1, LabelSmoothing = 0.2 },
            Parse<RunFineTune>([.. required, "--momentum", "0.5", "--nesterov", "--warmup", "0.1", "--label-smoothing", "0.2"]).Method().Options);
    }

    [Fact]
    public void TheRunRecordsThePresetAndTheRecipeItMade()
    {
        var folder = trained.NewFolder();
        Said.By("train", "--data", trained.Data, "--out", folder, "--preset", "fashion-cnn-s-to-the-end", "--epochs", "2", "--quiet").Expect(0);
        var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json"))).RootElement;
        var recipe = config.GetProperty("training");
        Assert.Equal(("fashion-cnn-s-to-the-end", "cnn-s", 2, 0.1), (config.GetProperty("preset").GetString(), config.GetProperty("architecture").GetString(), recipe.GetProperty("epochs").GetInt32(), recipe.GetProperty("label_smoothing").GetDouble()));

        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(File.ReadAllBytes(Path.Combine(trained.Folder, "config.json"))).RootElement.GetProperty("preset").ValueKind);
        var oracle = trained.NewFolder();
        trained.Unlearn("retrain", oracle, "--forget", "class:1", "--preset", "fashion-cnn-s", "--epochs", "1", "--quiet").Expect(0);
        config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(oracle, "config.json"))).RootElement;
        Assert.Equal(("fashion-cnn-s", 1), (config.GetProperty("preset").GetString(), config.GetProperty("options").GetProperty("epochs").GetInt32()));
    }

    [Fact]
    public void TheNetworkIsThePresetsUnlessNamed()
    {
        string Network(params string[] more)
        {
            var folder = trained.NewFolder();
            Said.By(["train", "--data", trained.Data, "--out", folder, "--epochs", "1", "--batch", "30", "--quiet", .. more]).Expect(0);
            return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json"))).RootElement.GetProperty("architecture").GetString()!;
        }
        Assert.Equal("resnet20", Network("--preset", "cifar-resnet20"));
        Assert.Equal("cnn-s", Network("--preset", "cifar-resnet20", "--arch", "cnn-s"));
    }

    [Fact]
    public void HelpListsThePresets()
    {
        foreach (var verb in new[] { "train", "unlearn retrain", "unlearn fine-tune" })
        {
            var help = Said.By([.. verb.Split(' '), "--help"]).Expect(0).Out;
            foreach (var preset in TrainingPresets.All) Assert.Matches($@"(?m)^  {preset.Name} +{preset.Architecture}: ", help);
        }
        Assert.DoesNotContain("PRESETS", Said.By("unlearn", "mu-mis", "--help").Out);
    }

    [Fact]
    public void MistakesAreSaidBeforeAnythingIsWritten()
    {
        var folder = trained.NewFolder();
        Said.By("train", "--data", trained.Data, "--out", folder, "--preset", "imagenet").Refuses(2, "no preset 'imagenet'", "cifar-resnet20");
        Said.By("train", "--data", trained.Data, "--out", folder, "--flip", "--no-flip").Refuses(2, "--flip and --no-flip");
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>Ctrl-C comes when the first epoch was saved.</summary>
    [Fact]
    public void AnInterruptedTrainingLeavesTheNetworkOfTheLastWholeEpoch()
    {
        var folder = trained.NewFolder();
        using var interrupt = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        var file = Path.Combine(folder, "model.epoch.safetensors");
        var code = new Lacuna.Cli.Application(output, error, TimeProvider.System).Run(
            ["train", "--data", trained.Data, "--out", folder, "--epochs", "100000", "--batch", "20", "--seed", TrainedOnce.Seed], Waiting(interrupt, file));
        Assert.Equal((130, ""), (code, output.ToString()));
        Assert.Contains($"The network after the last whole epoch is in {file}", error.ToString());
        Assert.False(File.Exists(Path.Combine(folder, "model.safetensors")));
        Assert.Equal("cnn-s", Lacuna.Models.Checkpoints.CheckpointReader.Read(file).Metadata["lacuna.architecture"]);
    }

    private static CancellationToken Waiting(CancellationTokenSource interrupt, string file)
    {
        new Thread(() =>
        {
            while (!File.Exists(file)) Thread.Sleep(5);
            interrupt.Cancel();
        }) { IsBackground = true }.Start();
        return interrupt.Token;
    }

    private static TrainingOptions Train(params string[] more) => Parse<TrainVerb>(["--out", "o", .. more]).Recipe();

    private static T Parse<T>(params string[] arguments) => Assert.IsType<Parsed<T>>(Parser.Default.ParseArguments<T>(arguments)).Value;
}
