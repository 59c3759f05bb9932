using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using Lacuna.Tests.Models.TorchScript;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Every method on cnn-s as PyTorch scripted it, with ReLUs in place, ends where it ends on our own cnn-s.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ScriptedMethodsTests
{
    private static readonly int[] forget = [1, 4, 7, 10];

    private static readonly IUnlearningMethod[] methods =
    [
        new MuMisMethod(new() { MaxSteps = 4, BatchSize = 2 }),
        new ForgetVectorMethod(new() { Epochs = 2, BatchSize = 16 }),
        new InstanceWiseMethod(new() { AdversarialImages = 2, Attack = new(1, 0.2, 2), LearningRate = 0.02, MaxPasses = 3 }),
        new InstanceWiseMethod(new() { AdversarialImages = 0, Lambda = 0, LearningRate = 1e-2, MaxPasses = 3 }),
        new FineTuneMethod(Recipe with { Epochs = 2 }),
    ];

    public static TheoryData<string> Names => [.. methods.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EndsAtTheWeightsOfOurOwnNetwork(string name)
    {
        using var scope = NewDisposeScope();
        using var own = Trained();
        using var twin = ScriptFiles.Twin(own);
        var method = methods.Single(m => m.Name == name);
        var before = Fingerprint(twin);
        using var expected = method.Run(own, Task(forget), TestContext.Current.CancellationToken);
        using var actual = method.Run(twin, Task(forget), TestContext.Current.CancellationToken);
        Assert.Equal(before, Fingerprint(twin));

        Assert.IsType<ScriptedClassifier>(actual.Model);
        Assert.Equal((expected.Steps, expected.Converged), (actual.Steps, actual.Converged));
        // A few steps of float32 sums in another order; a step left out or done twice moves weights by a hundredth.
        foreach (var (a, b) in expected.Trace["loss"].Zip(actual.Trace["loss"])) Assert.Equal(a, b, 1e-4 * Math.Max(1, Math.Abs(a)));
        var moved = 0.0;
        foreach (var (key, value) in expected.Model.state_dict())
        {
            Near(Numbers(value), actual.Model.state_dict()[key], 1e-4);
            moved = Math.Max(moved, (value - own.state_dict()[key]).abs().max().ToDouble());
        }
        Assert.Equal(expected.ForgetVector is null, moved > 1e-4);
        if (expected.ForgetVector is { } vector) Near(Numbers(vector), actual.ForgetVector!, 1e-4);
    }

    [Theory]
    [InlineData(ImportanceKind.MasPerSample)]
    [InlineData(ImportanceKind.MasBatch)]
    [InlineData(ImportanceKind.FisherPerSample)]
    [InlineData(ImportanceKind.FisherBatch)]
    public void WeightsMatterAsInOurOwnNetwork(ImportanceKind kind)
    {
        using var scope = NewDisposeScope();
        using var own = Trained();
        using var twin = ScriptFiles.Twin(own);
        var images = tensor(Enumerable.Range(0, 7 * 64).Select(i => i * 37 % 101 / 101f).ToArray(), [7, 1, 8, 8]);
        var labels = tensor(new long[] { 0, 1, 2, 0, 1, 2, 0 });
        var expected = own.TrainableParameters().Zip(WeightImportance.Measure(own, images, labels, kind, TensorKernels.Native, cancellation: TestContext.Current.CancellationToken)).ToDictionary(p => p.First.Name, p => p.Second);
        var actual = twin.TrainableParameters().Zip(WeightImportance.Measure(twin, images, labels, kind, TensorKernels.Native, cancellation: TestContext.Current.CancellationToken));
        foreach (var ((name, _), omega) in actual) Near(Numbers(expected[name]), omega, 1e-5 * Math.Max(1, expected[name].max().ToDouble()));
    }

    [Fact]
    public void MeasuresAsOurOwnNetwork()
    {
        using var scope = NewDisposeScope();
        using var own = Trained();
        using var twin = ScriptFiles.Twin(own);
        var task = Task(forget);
        var evaluator = new MetricsEvaluator(task.Train, Bands(8), task.Split, new DrawSource(1), task.Compute);
        Assert.Equal(evaluator.Measure(own, cancellation: TestContext.Current.CancellationToken).Metrics, evaluator.Measure(twin, cancellation: TestContext.Current.CancellationToken).Metrics);
    }

    [Fact]
    public void RetrainingHasNoNewWeightsToStartFrom()
    {
        using var folder = new TemporaryFolder();
        using var model = ScriptFiles.Load(folder, "scripted.pt");
        Assert.Contains("--oracle", Assert.Throws<ArgumentException>(() => new RetrainMethod(Recipe).Run(model, Task(forget), CancellationToken.None)).Message);
    }

    [Theory]
    [InlineData("frozen.pt", "torch.jit.freeze")]
    [InlineData("fixed.pt", "requires_grad_(True)")]
    public void WithoutTrainableWeightsAForgetVectorIsAllThatCanBeMade(string file, string words)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = ScriptFiles.Load(folder, file);
        foreach (var method in methods)
        {
            if (method is ForgetVectorMethod)
            {
                using var outcome = method.Run(model, Task(forget), TestContext.Current.CancellationToken);
                Assert.True(outcome.ForgetVector!.abs().max().ToDouble() > 0);
                continue;
            }
            var message = Assert.Throws<ArgumentException>(() => method.Run(model, Task(forget), CancellationToken.None)).Message;
            Assert.Contains(words, message);
            Assert.Contains(method.Name, message);
        }
    }
}
