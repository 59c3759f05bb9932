using Lacuna.Kernels;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class ForgetVectorMethodTests : IDisposable
{
    // Class 1 whole.
    private static readonly int[] forget = [.. Enumerable.Range(0, 12).Select(i => 3 * i + 1)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly Classifier _model = Trained();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void TheVectorMakesTheFrozenModelForget()
    {
        using var outcome = Run(new() { Epochs = 6, BatchSize = 12 });
        Assert.Equal(Fingerprint(_model), Fingerprint(outcome.Model));
        Assert.Equal([1, 8, 8], outcome.ForgetVector!.shape);
        Assert.Equal(6 * 3, outcome.Steps);
        Assert.True(ForgetLoss(outcome.ForgetVector) < ForgetLoss(zeros([1, 8, 8])));
        var losses = outcome.Trace["loss"];
        Assert.Equal(6, losses.Count);
        Assert.True(losses[^1] < losses[0]);

        var set = Bands(12);
        Assert.Equal(100, new Predictor(_model, null, CPU).Of(set, forget, TestContext.Current.CancellationToken).AccuracyPercent);
        Assert.InRange(new Predictor(_model, outcome.ForgetVector, CPU).Of(set, forget, TestContext.Current.CancellationToken).AccuracyPercent, 0, 50);
    }

    /// <summary>One epoch of one batch from zero: delta = -lr * gradient at zero, where penalty and weight decay do not count.</summary>
    [Fact]
    public void TheFirstStepFromZeroIsPlainDescent()
    {
        ForgetVectorOptions options = new() { Epochs = 1, BatchSize = 36, LearningRate = 0.3 };
        using var outcome = Run(options);
        var (images, labels, isForget) = Everything();
        var loss = ForgetVectorLoss.Of(_model.call(images.requires_grad_()), labels, isForget, options.Tau).Weighted(1, 5);
        var gradient = autograd.grad([loss], [images])[0].sum(dim: 0);
        Near(Numbers(gradient * -0.3), outcome.ForgetVector!, 1e-6);
        Assert.Equal(loss.ToDouble(), outcome.Trace["loss"][0], 1e-5);
    }

    /// <summary>A learning rate of nearly nothing leaves the start: the drawn normals.</summary>
    [Fact]
    public void ARandomStartIsDrawnFromTheSeed()
    {
        ForgetVectorOptions options = new() { Epochs = 1, BatchSize = 36, Start = ForgetVectorStart.Random, LearningRate = 1e-12 };
        using var outcome = Run(options);
        var drawn = new float[64];
        new DrawSource(5).FillNormal(drawn, DrawPurpose.ForgetVectorInit, 0, 0);
        Near([.. drawn.Select(d => (double)d)], outcome.ForgetVector!, 1e-6);

        using var again = Run(options);
        Assert.Equal(Numbers(outcome.ForgetVector!), Numbers(again.ForgetVector!));
        using var other = new ForgetVectorMethod(options).Run(_model, Task(forget, seed: 6), TestContext.Current.CancellationToken);
        Assert.NotEqual(Numbers(outcome.ForgetVector!), Numbers(other.ForgetVector!));
    }

    [Fact]
    public void DivergenceIsAnError()
    {
        var error = Assert.Throws<DivergedException>(() => Run(new() { Epochs = 3, BatchSize = 12, LearningRate = 1e38, Penalty = ForgetVectorPenalty.Squared }));
        Assert.Contains("diverged", error.Message);
        Assert.Contains("Lower the learning rate (1E+38)", error.Message);
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused()
    {
        Assert.Contains("Decay is 1.1", Refused(new() { Decay = 1.1 }));
        Assert.Contains("Tau is -1", Refused(new() { Tau = -1 }));
        Assert.Contains("Beta is -Infinity", Refused(new() { Beta = double.NegativeInfinity }));
        Assert.Contains("Epochs is 0", Refused(new() { Epochs = 0 }));
        Assert.Contains("BatchSize is 0", Refused(new() { BatchSize = 0 }));
    }

    [Fact]
    public void AVectorComesBackFromItsFile()
    {
        var delta = rand([1, 8, 8]) - 0.5;
        var path = _folder.File("delta.safetensors");
        ForgetVectorFile.Save(path, delta, new Dictionary<string, string> { ["forget"] = "class:1" });
        using var loaded = ForgetVectorFile.Load(path, _model.Options, CPU);
        Assert.Equal([1, 8, 8], loaded.shape);
        Near(Numbers(delta), loaded, 0);
        var metadata = CheckpointReader.Read(path).Metadata;
        Assert.Equal(("class:1", "forget-vector"), (metadata["lacuna.forget"], metadata["lacuna.kind"]));
    }

    [Fact]
    public void FilesOfOtherThingsAreRefused()
    {
        var path = _folder.File("other.safetensors");
        ForgetVectorFile.Save(path, zeros([1, 8, 6]), new Dictionary<string, string>());
        Assert.Contains("[1, 8, 6] of F32, but the model's images are [1, 8, 8]", Unloadable(path));
        ForgetVectorFile.Save(path, zeros([1, 8, 8], dtype: float64), new Dictionary<string, string>());
        Assert.Contains("of F64", Unloadable(path));
        ModelFile.Save(_model, path);
        Assert.Contains("not a forget vector", Unloadable(path));
    }

    private string Unloadable(string path) => Assert.Throws<CheckpointException>(() => ForgetVectorFile.Load(path, _model.Options, CPU)).Message;

    private static string Refused(ForgetVectorOptions options) => Assert.Throws<ArgumentException>(() => new ForgetVectorMethod(options)).Message;

    private UnlearningOutcome Run(ForgetVectorOptions options) => new ForgetVectorMethod(options).Run(_model, Task(forget), TestContext.Current.CancellationToken);

    private double ForgetLoss(Tensor delta)
    {
        var (images, labels, isForget) = Everything();
        return ForgetVectorLoss.Of(_model.call(images + delta), labels, isForget, tau: 1).Forget.ToDouble();
    }

    private static (Tensor Images, Tensor Labels, Tensor IsForget) Everything()
    {
        var set = Bands(12);
        var batch = new BatchSource(set, Enumerable.Range(0, set.Count).ToArray(), CPU).All();
        return (batch.Images, batch.Labels, batch.Labels.eq(1));
    }
}
