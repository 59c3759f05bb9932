using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>With two classes the irrelevant class is the other one, so a step can be foretold.</summary>
public sealed class MuMisMethodTests : IDisposable
{
    private static readonly int[] forget = [0, 1, 4, 6];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ImageSet _set;
    private readonly Classifier _model;

    public MuMisMethodTests()
    {
        var bands = Bands(6);
        int[] rows = [.. Enumerable.Range(0, bands.Count).Where(n => bands.Labels.Span[n] < 2)];
        var two = bands.Select(rows);
        _set = new("two", two.Pixels.ToArray(), two.Labels.ToArray(), 1, 8, 8, ["top", "middle"]);
        _model = ModelZoo.Create("cnn-s", Grey(2), seed: 3);
        Trainer.Train(_model, _set, Enumerable.Range(0, _set.Count).ToArray(), Recipe, new DrawSource(3), CPU, new Log(), CancellationToken.None);
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    /// <summary>MaxSteps counts updates: one of them is w - lr * gradient over all forget images, biases untouched.</summary>
    [Fact]
    public void OneStepIsPlainGradientDescent()
    {
        var batch = new BatchSource(_set, forget, CPU).All();
        using var network = FrozenNetwork.Of(_model, TensorKernels.Native)!;
        using var loss = MuMisLoss.Of(network, batch.Images, batch.Labels, 1 - batch.Labels, TensorKernels.Native);
        using var outcome = Run(new() { LearningRate = 1e-4, BatchSize = 0, MaxSteps = 1 });

        Assert.Equal((1, false), (outcome.Steps, outcome.Converged));
        Assert.Contains("cap of 1 steps", outcome.StopReason);
        Assert.Equal([loss.Loss], outcome.Trace["loss"]);
        var (before, after) = (_model.TrainableParameters(), outcome.Model.TrainableParameters());
        for (var i = 0; i < before.Count; i++)
        {
            Near(Numbers(loss.Gradients[i] is { } g ? before[i].Value - g * 1e-4 : before[i].Value), after[i].Value, 1e-7);
            Assert.Equal(before[i].Name.EndsWith(".bias", StringComparison.Ordinal), Fixed(before[i].Value, after[i].Value));
        }
        Assert.Equal(Numbers(_model.state_dict()["bn1.running_mean"]), Numbers(outcome.Model.state_dict()["bn1.running_mean"]));
    }

    [Fact]
    public void TheGapFalls()
    {
        using var outcome = Run(new() { LearningRate = 1e-4, BatchSize = 0, MaxSteps = 8 });
        var losses = outcome.Trace["loss"];
        Assert.Equal((8, 8), (losses.Count, outcome.Steps));
        Assert.All(losses.Zip(losses.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.Equal(losses, outcome.Trace["target_sensitivity_squared"].Zip(outcome.Trace["irrelevant_sensitivity_squared"], (a, b) => a - b), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    /// <summary>
    /// What the run decided is what the rule says of its trace: s_t^2 is the batch mean times the forget images. Three classes, so
    /// that the irrelevant one is drawn and s_t falls and rises soon; the step it stops at is not taken.
    /// </summary>
    [Fact]
    public void TheRunEndsWhereTheRuleSays()
    {
        using var original = Trained();
        using var outcome = new MuMisMethod(new() { LearningRate = 1e-4, BatchSize = 0, MaxSteps = 80, Delta = 0.7 })
            .Run(original, Task(forget), TestContext.Current.CancellationToken);
        var rule = new StopRule(0.7);
        var observed = outcome.Trace["irrelevant_sensitivity_squared"].Select(s => rule.Observe(Math.Sqrt(s * forget.Length))).ToList();
        Assert.True(outcome.Converged, outcome.StopReason);
        Assert.Equal(observed.Count - 1, observed.IndexOf(true));
        Assert.Equal(observed.Count - 1, outcome.Steps);
        Assert.Contains("past 0.70", outcome.StopReason);
    }

    [Fact]
    public void DivergenceIsAnError()
    {
        var error = Assert.Throws<DivergedException>(() => Run(new() { LearningRate = 1e30, BatchSize = 0, MaxSteps = 5 }));
        Assert.Contains("diverged", error.Message);
        Assert.Contains("Lower the learning rate (1E+30)", error.Message);
    }

    [Theory]
    [InlineData(0, 1.5, 1, "LearningRate is 0")]
    [InlineData(1, 0, 1, "Delta is 0")]
    [InlineData(1, 1.5, 0, "MaxSteps is 0")]
    public void OptionsThatMakeNoSenseAreRefused(double learningRate, double delta, int maxSteps, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(
            () => new MuMisMethod(new() { LearningRate = learningRate, Delta = delta, MaxSteps = maxSteps })).Message);

    private UnlearningOutcome Run(MuMisOptions options) =>
        new MuMisMethod(options).Run(_model, Task(forget, set: _set), TestContext.Current.CancellationToken);

    private static bool Fixed(Tensor before, Tensor after) => Numbers(before).SequenceEqual(Numbers(after));
}
