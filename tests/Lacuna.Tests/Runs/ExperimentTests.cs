using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Tests.Runs;

/// <summary>What the demo does, on a set that takes a second.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ExperimentTests : IDisposable
{
    private static readonly TrainingOptions recipe = new() { Epochs = 2, BatchSize = 20 };
    private static readonly InstanceWiseOptions instances = new() { LearningRate = 0.05, AdversarialImages = 2, Attack = new L2Pgd(1, 0.5, 2), MaxPasses = 3 };

    private static readonly IUnlearningMethod[] methods =
    [
        new RetrainMethod(recipe), new ForgetVectorMethod(new() { Epochs = 2, BatchSize = 30 }), new MuMisMethod(new() { MaxSteps = 3 }),
        new InstanceWiseMethod(instances with { AdversarialImages = 0, Lambda = 0 }), new InstanceWiseMethod(instances), new FineTuneMethod(recipe with { Epochs = 1 }),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _train = TinySet.Make(60);
    private readonly List<RunProgress> _progress = [];
    private readonly Experiment _experiment;

    public ExperimentTests() => _experiment = new Experiment(_train, TinySet.Make(30, seed: 2), new DrawSource(3), TorchSharp.torch.CPU,
        RunDirectory.Create(_folder.File("run")), TimeProvider.System, new Collector(_progress));

    [Fact]
    public void EveryMethodIsRunFromTheOriginalMeasuredAndSaved()
    {
        using var original = Trained();
        var before = StateOf(original);
        var split = ForgetSetSpec.Parse("class:middle").Split(_train, _experiment.Draws);
        var table = _experiment.Unlearn("class", "title", split, original, methods, null, goOn: false, CancellationToken.None);

        Assert.Equal(["original", .. methods.Select(m => m.Name)], table.Rows.Select(r => r.Name));
        Assert.Equal(("title", "class:middle", 20, 40), (table.Title, table.Forget, table.ForgetCount, table.RetainCount));
        Assert.Equal(0, table.Rows[1].AverageGap);
        Assert.All(table.Rows, row => Assert.Equal(row.Metrics.AverageGapTo(table.Rows[1].Metrics), row.AverageGap));
        Assert.Equal(before, StateOf(original));
        Assert.Equal(
            new[] { "forget.txt", "metrics.json", "original.measurement.json", "retain.txt", "split.json" }
                .Concat(methods.SelectMany(m => (string[])[m.Name + ".measurement.json", m.Name + ".safetensors", m.Name + ".trace.json"])).Order(StringComparer.Ordinal),
            Directory.GetFiles(_experiment.Directory.FileAt("class")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

        // The file says what was returned, digit by digit.
        var written = JsonDocument.Parse(File.ReadAllText(_experiment.Directory.FileAt("class/metrics.json"))).RootElement;
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(table, RunJson.Options), written));

        // The original was measured before there was an oracle, and yet is held against it; the oracle lies at no distance of itself.
        ModelMeasurement Measured(string name) => JsonSerializer.Deserialize<ModelMeasurement>(File.ReadAllText(_experiment.Directory.FileAt($"class/{name}.measurement.json")), RunJson.Options)!;
        Assert.All(table.Rows, row => Assert.Equal(row.Metrics, Measured(row.Name).Metrics));
        Assert.Equal(0, Measured("retrain").ToOracle!.KullbackLeibler.Forget);
        Assert.All(table.Rows.Where(row => row.Name != "retrain"), row => Assert.True(Measured(row.Name).ToOracle!.KullbackLeibler.Forget > 0));
    }

    [Fact]
    public void WhatIsSavedSaysWhereItComesFrom()
    {
        using var original = Trained();
        var split = ForgetSetSpec.Parse("random:5").Split(_train, _experiment.Draws);
        _experiment.Unlearn("some", "title", split, original, [methods[1], methods[2]], null, goOn: false, CancellationToken.None);
        foreach (var method in (string[])["forget-vector", "mu-mis"])
        {
            var metadata = CheckpointReader.Read(_experiment.Directory.FileAt($"some/{method}.safetensors")).Metadata;
            Assert.Equal((method, "random:5", "3", $"tiny {_train.ContentHash}", "cnn-s"),
                (metadata["lacuna.method"], metadata["lacuna.forget"], metadata["lacuna.seed"], metadata["lacuna.data"], metadata["lacuna.architecture"]));
            Assert.Equal(method == "mu-mis" ? 3 : 2, JsonDocument.Parse(metadata["lacuna.options"]).RootElement.GetProperty(method == "mu-mis" ? "max_steps" : "epochs").GetInt32());
        }
        Assert.Equal(split.Forget.ToArray(), ForgetSplit.Load(_experiment.Directory.FileAt("some")).Forget.ToArray());
    }

    [Fact]
    public void AnOracleAtHandStandsSecond()
    {
        using var original = Trained();
        using var oracle = ModelZoo.Create("cnn-s", original.Options, seed: 9);
        oracle.eval();
        var split = ForgetSetSpec.Parse("random:10%").Split(_train, _experiment.Draws);
        var table = _experiment.Unlearn("", "title", split, original, [methods[5]], oracle, goOn: false, CancellationToken.None);
        Assert.Equal([("original", false), ("retrain", false), ("fine-tune", true)], table.Rows.Select(r => (r.Name, r.Seconds is not null)));
        Assert.Equal(0, table.Rows[1].AverageGap);
        Assert.True(table.Rows[0].AverageGap > 0, "an untrained network is far from the trained one");
    }

    [Fact]
    public void ASplitOfOtherImagesIsRefusedBeforeAnythingIsWritten()
    {
        using var original = ModelZoo.Create("cnn-s", Shape, seed: 1);
        var other = ForgetSetSpec.Parse("class:0").Split(TinySet.Make(60, seed: 7), _experiment.Draws);
        Assert.Throws<ForgetSetException>(() => _experiment.Unlearn("x", "t", other, original, methods, null, goOn: false, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(_experiment.Directory.Path));
    }

    [Fact]
    public void ProgressGoesFromStageToStageAndEndsEach()
    {
        using var original = Trained();
        var split = ForgetSetSpec.Parse("class:0").Split(_train, _experiment.Draws);
        _experiment.Unlearn("", "t", split, original, [methods[5]], null, goOn: false, CancellationToken.None);
        Assert.Equal(["train original", "measure original", "fine-tune", "measure fine-tune"], _progress.Select(p => p.Stage).Distinct());
        Assert.All(_progress.GroupBy(p => p.Stage), stage => Assert.Equal(stage.Last().Total, stage.Last().Done));
    }

    public void Dispose() => _folder.Dispose();

    private static ModelOptions Shape => new(TinySet.Classes, 1, TinySet.Side, TinySet.Side, Normalisation.FashionMnist);

    private Classifier Trained()
    {
        var model = ModelZoo.Create("cnn-s", Shape, seed: 3);
        Assert.True(_experiment.TrainOriginal(model, recipe, CancellationToken.None) > 0);
        return model;
    }

    private static float[] StateOf(Classifier model) =>
        [.. model.state_dict().Where(e => e.Value.dtype == TorchSharp.torch.ScalarType.Float32).SelectMany(e => e.Value.data<float>().ToArray())];

    private sealed class Collector(List<RunProgress> into) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => into.Add(value);
    }
}
