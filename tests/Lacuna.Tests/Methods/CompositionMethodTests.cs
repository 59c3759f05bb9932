using System.Text.Json;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class CompositionMethodTests : IDisposable
{
    // Class 1 whole.
    private static readonly int[] forget = [.. Enumerable.Range(0, 12).Select(i => 3 * i + 1)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Classifier _model = Trained();

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    /// <summary>Float64 on both sides: sums of 192 products differ by their order only, 1e-14 of the largest entry; 1e-12 leaves two orders.</summary>
    [Theory]
    [InlineData("cnn-s")]
    [InlineData("resnet20")]
    public void DotProductsAreTheGradientThroughTheSum(string architecture)
    {
        using var model = Formula.Double(architecture, architecture == "cnn-s" ? new(3, 1, 8, 8, new([0.25f], [0.5f])) : new(3, 3, 8, 8, Normalisation.ImageNet));
        using var passes = new InputPasses(model, TensorKernels.Operators);
        var channels = model.Options.Channels;
        var images = Formula.Values(1, 5, channels, 8, 8);
        var labels = model.call(images).argmax(1);
        var isForget = tensor(new[] { true, false, true, false, false });
        var deltas = (Formula.Values(2, 4, channels, 8, 8) - 0.5) * 0.2;
        var weights = tensor(new[] { 0.7, -0.4, 0, 1.3 });
        var options = new CompositionOptions { Alpha = 0.7, Beta = 3, Lambda = 0.4, Tau = 1 };

        var (loss, gradient) = CompositionMethod.LossAndGradient(passes, images, labels, isForget, deltas, weights, options, TensorKernels.Operators);
        var leaf = weights.clone().requires_grad_();
        var summed = (leaf.view(-1, 1, 1, 1) * deltas).sum(dim: 0);
        var expected = ForgetVectorLoss.Of(model.call(images + summed), labels, isForget, 1).Weighted(0.7, 3) + leaf.square().sum().sqrt() * 0.4;
        Assert.Equal(expected.ToDouble(), loss.ToDouble(), 1e-12);
        var slope = autograd.grad([expected], [leaf])[0];
        Near(Numbers(slope), gradient, 1e-12 * Numbers(slope).Max(Math.Abs));
    }

    /// <summary>
    /// Two classes, logits are the two pixels, every image (a, b) with label 0: the loss is log(1 + exp(-(a - b + w h))) + lambda |w|, least where the
    /// logistic function of the margin's negative is lambda / h.
    /// </summary>
    [Fact]
    public void TheGradientVanishesAtTheOptimumOfALinearNetwork()
    {
        using var model = new LinearClassifier(new double[,] { { 1, 0 }, { 0, 1 } }, 1, 1, 2);
        using var passes = new InputPasses(model, TensorKernels.Operators);
        const double a = 0.3, b = 0.9, h = 2, lambda = 0.5;
        var images = tensor(new[] { a, b, a, b, a, b }, [3, 1, 1, 2]);
        var deltas = tensor(new[] { h, 0, 0.0, 0.0 }, [2, 1, 1, 2]);
        double Slope(double w) => Numbers(CompositionMethod.LossAndGradient(passes, images, zeros(3, dtype: int64), zeros(3, dtype: @bool), deltas, tensor(new[] { w, 0 }),
            new() { Lambda = lambda }, TensorKernels.Operators).Gradient)[0];
        var best = (Math.Log((1 - lambda / h) / (lambda / h)) - (a - b)) / h;
        Assert.Equal(0, Slope(best), 1e-12);
        Assert.True(Slope(best - 0.01) < -1e-4);
        Assert.True(Slope(best + 0.01) > 1e-4);
    }

    /// <summary>Nine steps of float32 against float64 momentum about float32 gradients; a wrong factor moves coefficients by a hundredth.</summary>
    [Fact]
    public void TheCourseIsThatOfMomentumDescentThroughTheSum()
    {
        var vectors = new[] { Waves(1), Waves(2), Waves(3) };
        CompositionOptions options = new() { Epochs = 3, BatchSize = 12, LearningRate = 0.05, Decay = 0.5, Start = CompositionStart.One };
        using var outcome = Run(options, vectors);

        using var frozen = new FrozenWeights(_model);
        var deltas = stack([.. vectors.Select(v => v.On(CPU))]);
        var source = new BatchSource(Bands(12), [.. forget, .. Enumerable.Range(0, 36).Except(forget)], CPU);
        double[] w = [1, 1, 1], momentum = [0, 0, 0];
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var batch in source.Shuffled(new DrawSource(5), epoch, 12))
            {
                var leaf = tensor(Array.ConvertAll(w, x => (float)x)).requires_grad_();
                var summed = (leaf.view(-1, 1, 1, 1) * deltas).sum(dim: 0);
                var loss = ForgetVectorLoss.Of(_model.call(batch.Images + summed), batch.Labels, batch.Labels.eq(1), 1).Weighted(1, 5) + leaf.square().sum().sqrt();
                var gradient = Numbers(autograd.grad([loss], [leaf])[0]);
                for (var k = 0; k < 3; k++)
                {
                    momentum[k] = 0.9 * momentum[k] + gradient[k] + 5e-4 * w[k];
                    w[k] -= 0.05 * Math.Pow(0.5, epoch) * momentum[k];
                }
            }
            for (var k = 0; k < 3; k++) Assert.Equal(w[k], outcome.Trace[$"w waves {k + 1}"][epoch], 1e-4);
        }
        Near(Numbers((tensor(w).view(-1, 1, 1, 1) * deltas).sum(dim: 0)), outcome.ForgetVector!, 1e-4);
        Assert.Equal(9, outcome.Steps);
        var stored = JsonSerializer.Deserialize<Dictionary<string, double>>(outcome.Metadata["coefficients"])!;
        Assert.Equal(["waves 1", "waves 2", "waves 3"], stored.Keys);
        Assert.Equal(outcome.Trace["w waves 2"][^1], stored["waves 2"], 1e-6);
    }

    [Fact]
    public void AVectorThatWorksIsTakenAndOneWithoutEffectIsNot()
    {
        using var trained = new ForgetVectorMethod(new() { Epochs = 6, BatchSize = 12 }).Run(_model, Task(forget), TestContext.Current.CancellationToken);
        StoredForgetVector[] vectors = [StoredForgetVector.Of("class:1", zeros([1, 8, 8]), _model), StoredForgetVector.Of("class:1", trained.ForgetVector!, _model)];
        using var outcome = Run(new() { Epochs = 5, BatchSize = 12, LearningRate = 0.01, Beta = 20 }, vectors);
        Assert.Equal(0, outcome.Trace["w class:1"][^1]);
        Assert.True(outcome.Trace["w class:1 (2)"][^1] > 0.1, $"{outcome.Trace["w class:1 (2)"][^1]}");
        Assert.Equal(Fingerprint(_model), Fingerprint(outcome.Model));
    }

    /// <summary>A rate that falls by nine tenths an epoch soon moves nothing.</summary>
    [Fact]
    public void EpochsThatChangeNothingAreNotRun()
    {
        CompositionOptions options = new() { Epochs = 12, BatchSize = 36, LearningRate = 0.01, Decay = 0.1, Momentum = 0, Start = CompositionStart.One };
        using var whole = Run(options with { MinimalChange = 0 }, [Waves(1), Waves(2)]);
        using var early = Run(options with { MinimalChange = 0.01 }, [Waves(1), Waves(2)]);
        Assert.Equal(12, whole.Steps);
        Assert.InRange(early.Steps, 1, 6);
        Assert.StartsWith($"epoch {early.Steps} of 12 moved the coefficients by 0.", early.StopReason);
        // Until then the runs are the same, and what was left out is small.
        Assert.Equal(whole.Trace["w waves 1"].Take(early.Steps), early.Trace["w waves 1"]);
        Assert.Equal(whole.Trace["w waves 1"][^1], early.Trace["w waves 1"][^1], 0.01);
    }

    /// <summary>A rate of nearly nothing leaves the start.</summary>
    [Fact]
    public void StartsAreThoseAskedForAndAnEarlierVectorIsKept()
    {
        CompositionOptions options = new() { Epochs = 1, BatchSize = 36, LearningRate = 1e-12 };
        double[] Start(CompositionStart start)
        {
            using var outcome = Run(options with { Start = start }, [Waves(1), Waves(2)]);
            return [outcome.Trace["w waves 1"][0], outcome.Trace["w waves 2"][0]];
        }
        var drawn = new float[2];
        new DrawSource(5).FillNormal(drawn, DrawPurpose.CompositionStart, 0, 0);
        Assert.Equal([0, 0], Start(CompositionStart.Zero).Select(w => Math.Round(w, 6)));
        Assert.Equal([1, 1], Start(CompositionStart.One).Select(w => Math.Round(w, 6)));
        Assert.Equal([drawn[0], drawn[1]], Start(CompositionStart.Normal).Select(w => (float)w).Select((w, k) => Math.Abs(w - drawn[k]) < 1e-6 ? drawn[k] : w));

        var earlier = rand([1, 8, 8]);
        var method = new CompositionMethod(options with { Start = CompositionStart.One }, [Waves(1)]);
        using var after = method.Run(_model, Task(forget) with { EarlierVector = earlier }, TestContext.Current.CancellationToken);
        Near(Numbers(earlier + Waves(1).On(CPU)), after.ForgetVector!, 1e-6);
        using var vector = new ForgetVectorMethod(new() { Epochs = 1, BatchSize = 36, LearningRate = 1e-12 }).Run(_model, Task(forget) with { EarlierVector = earlier }, TestContext.Current.CancellationToken);
        Near(Numbers(earlier), vector.ForgetVector!, 1e-6);
    }

    [Fact]
    public void VectorsOfOthersAreRefused()
    {
        string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
        Assert.Contains("0 forget vectors", Refused(() => Method([])));
        Assert.Contains("65 forget vectors", Refused(() => Method([.. Enumerable.Repeat(Waves(1), 65)])));
        Assert.Contains("LearningRate is 0", Refused(() => new CompositionMethod(new() { LearningRate = 0 }, [Waves(1)])));

        using var larger = ModelZoo.Create("cnn-s", Grey(Classes, side: 12), seed: 3);
        Assert.Contains("[1, 8, 8], but the model's images are [1, 12, 12]", Refused(() => Method([Waves(1)]).CheckFits(larger)));
        using var other = ModelZoo.Create("cnn-s", Grey(Classes), seed: 4);
        Assert.Contains("with other weights", Refused(() => Method([Waves(1)]).CheckFits(other)));
        using var resnet = ModelZoo.Create("resnet20", Grey(Classes), seed: 4);
        Assert.Contains("was made for a cnn-s, but the model is a resnet20", Refused(() => Method([Waves(1)]).CheckFits(resnet)));
        using var same = ModelZoo.Clone(_model);
        Method([Waves(1)]).CheckFits(same);
    }

    private StoredForgetVector Waves(int k) => StoredForgetVector.Of($"waves {k}", tensor(Enumerable.Range(0, 64).Select(i => MathF.Sin(k * i) * 0.1f).ToArray(), [1, 8, 8]), _model);

    private static CompositionMethod Method(StoredForgetVector[] vectors) => new(new(), vectors);

    private UnlearningOutcome Run(CompositionOptions options, StoredForgetVector[] vectors) => new CompositionMethod(options, vectors).Run(_model, Task(forget), TestContext.Current.CancellationToken);
}
