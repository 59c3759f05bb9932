using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class TrainingTests
{
    private static readonly int[] all = [.. Enumerable.Range(0, 36)];

    [Fact]
    public void TheSameSeedGivesTheSameBits()
    {
        var first = TrainedWith(Recipe, seed: 1);
        Assert.Equal(first.Print, TrainedWith(Recipe, seed: 1).Print);
        Assert.NotEqual(first.Print, TrainedWith(Recipe, seed: 2).Print);
    }

    [Fact]
    public void TheLossFallsAndTheModelEndsInEvalMode()
    {
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 9);
        var log = new Log();
        var losses = Trainer.Train(model, Bands(12), all, Recipe, new DrawSource(9), CPU, log, CancellationToken.None);
        Assert.Equal(Recipe.Epochs, losses.Count);
        Assert.InRange(losses[^1], 0, losses[0] / 3);
        Assert.False(model.training);
        // Before the first step, then on a CPU after each: three an epoch.
        Assert.Equal(Enumerable.Range(0, 13), log.Reports.Select(r => r.Done));
        Assert.Equal(Enumerable.Range(0, 13).Select(step => 12L * step), log.Reports.Select(r => r.Images));
        Assert.All(log.Reports, r => Assert.Equal(12, r.Total));
        Assert.Equal(FormattableString.Invariant($"epoch 4 of 4, loss {losses[^1]:0.000}"), log.Reports[^1].Message);
    }

    /// <summary>Crops of the early epochs come from anywhere in the image: the set's every column is bright in some image alone, so that what was seen can be told.</summary>
    [Fact]
    public void EarlyEpochsSeeSmallCropsFromAnywhereAndTheOthersWholeImages()
    {
        var set = new ImageSet("columns", [.. Enumerable.Range(0, 8 * 64).Select(i => (byte)(i % 8 == i / 64 ? 255 : 0))], [.. Enumerable.Range(0, 8).Select(i => i % 2)], 1, 8, 8, ["even", "odd"]);
        using var model = ModelZoo.Create("resnet20", new(2, 1, 8, 8, new([0], [1])), seed: 1);
        List<(long Side, double Bright)> seen = [];
        model.register_forward_pre_hook((_, images) =>
        {
            Assert.Equal(images.shape[2], images.shape[3]);
            for (var i = 0; i < images.shape[0]; i++) seen.Add((images.shape[3], images.select(0, i).sum().ToDouble()));
            return images;
        });

        // By operators, where the network itself is called and can be watched.
        Trainer.Train(model, set, [.. Enumerable.Range(0, 8)], new() { Epochs = 12, EarlyShare = 0.83, EarlySize = 4, BatchSize = 8 }, new DrawSource(1), new Compute(CPU, TensorKernels.Operators), new Log(), CancellationToken.None);

        Assert.Equal([.. Enumerable.Repeat(4L, 80), .. Enumerable.Repeat(8L, 16)], seen.Select(s => s.Side));
        // A crop of half the width holds the bright column, four pixels of it, or none.
        Assert.All(seen.Take(80), s => Assert.True(s.Bright is 0 or 4));
        Assert.InRange(seen.Take(80).Count(s => s.Bright == 4), 20, 60);
        Assert.All(seen.Skip(80), s => Assert.Equal(8, s.Bright));
    }

    [Fact]
    public void ANetworkOfOneSizeRefusesEarlyEpochs()
    {
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 1);
        TrainingOptions options = new() { EarlyShare = 0.5, EarlySize = 4 };
        Assert.Contains("one size", Assert.Throws<ArgumentException>(() => Trainer.Train(model, Bands(12), all, options, new DrawSource(1), CPU, new Log(), CancellationToken.None)).Message);
        Assert.Contains("one size", Assert.Throws<ArgumentException>(() => new RetrainMethod(options).CheckFits(model)).Message);
        Assert.Contains("one size", Assert.Throws<ArgumentException>(() => new FineTuneMethod(options).CheckFits(model)).Message);
        Assert.Contains("EarlyShare", Assert.Throws<ArgumentException>(() => new TrainingOptions { EarlyShare = 1.1, EarlySize = 4 }.Validate()).Message);
        Assert.Contains("EarlySize", Assert.Throws<ArgumentException>(() => new TrainingOptions { EarlyShare = 0.5 }.Validate()).Message);
    }

    /// <summary>One epoch of one batch: SGD's first step on the mean cross-entropy with weight decay, at the schedule's first rate.</summary>
    [Fact]
    public void OneStepByHand()
    {
        using var scope = NewDisposeScope();
        TrainingOptions options = new() { Epochs = 1, BatchSize = 36, LearningRate = 0.1, WeightDecay = 0.01, WarmupShare = 0 };
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 1);
        using var copy = ModelZoo.Clone(model);
        copy.train();
        var batch = new BatchSource(Bands(12), all, CPU).All();
        var loss = Losses.CrossEntropy(copy.call(batch.Images), batch.Labels).mean();
        Tensor[] before = [.. copy.TrainableParameters().Select(p => p.Value)];
        var gradients = autograd.grad([loss], before);

        var losses = Trainer.Train(model, Bands(12), all, options, new DrawSource(1), CPU, new Log(), CancellationToken.None);
        Assert.Equal(loss.ToDouble(), losses[0], 1e-6);
        var after = model.TrainableParameters();
        for (var i = 0; i < before.Length; i++) Near(Numbers(before[i] - (gradients[i] + before[i] * 0.01) * 0.1), after[i].Value, 1e-6);
    }

    /// <summary>Eight steps, a quarter of them rising: lr (t + 1) / 3, then lr (1 + cos(pi (t - 2) / 6)) / 2.</summary>
    [Fact]
    public void TheScheduleRisesLinearlyAndFallsAlongACosine()
    {
        TrainingOptions options = new() { LearningRate = 0.3, WarmupShare = 0.25 };
        double[] expected = [0.1, 0.2, 0.3, 0.15 * (1 + Math.Sqrt(3) / 2), 0.225, 0.15, 0.075, 0.15 * (1 - Math.Sqrt(3) / 2)];
        for (var step = 0; step < 8; step++) Assert.Equal(expected[step], options.LearningRateAt(step, 8), 1e-15);
        Assert.Equal(0.3, (options with { WarmupShare = 0 }).LearningRateAt(0, 8), 1e-15);
        Assert.Equal(0.3 * 8 / 9, (options with { WarmupShare = 1 }).LearningRateAt(7, 8), 1e-15);
    }

    [Fact]
    public void DivergenceIsAnError()
    {
        var error = Assert.Throws<DivergedException>(() => TrainedWith(Recipe with { LearningRate = 1e20 }, seed: 1));
        Assert.Contains("Training diverged", error.Message);
        Assert.Contains("(1E+20)", error.Message);
    }

    [Fact]
    public void NoRowsAreAnError()
    {
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 1);
        Assert.Contains("no image", Assert.Throws<ArgumentException>(
            () => Trainer.Train(model, Bands(1), [], Recipe, new DrawSource(1), CPU, new Log(), CancellationToken.None)).Message);
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused()
    {
        Assert.Contains("Epochs is 0", Refused(Recipe with { Epochs = 0 }));
        Assert.Contains("BatchSize is 1", Refused(Recipe with { BatchSize = 1 }));
        Assert.Contains("LearningRate is Infinity", Refused(Recipe with { LearningRate = double.PositiveInfinity }));
        Assert.Contains("WarmupShare is 1.5; it must be between 0 and 1", Refused(Recipe with { WarmupShare = 1.5 }));
        Assert.Contains("CropPadding is -1", Refused(Recipe with { Augmentation = new(-1, false) }));
    }

    /// <summary>Forget images whose pixels and labels are changed to anything: a method that looked at one would end elsewhere.</summary>
    [Theory]
    [InlineData("retrain")]
    [InlineData("fine-tune")]
    public void RetainTrainingNeverSeesAForgetRow(string name)
    {
        int[] forget = [2, 3, 5, 30];
        IUnlearningMethod method = name == "retrain" ? new RetrainMethod(Recipe) : new FineTuneMethod(Recipe);
        using var original = Trained();
        string Result(ImageSet set)
        {
            using var outcome = method.Run(original, Task(forget, set: set), TestContext.Current.CancellationToken);
            Assert.Equal(Recipe.Epochs * 3, outcome.Steps);
            return Fingerprint(outcome.Model);
        }

        var clean = Result(Bands(12));
        Assert.Equal(clean, Result(Poisoned(forget)));
        Assert.NotEqual(clean, Result(Poisoned([0])));
    }

    private static ImageSet Poisoned(int[] rows)
    {
        var set = Bands(12);
        var (pixels, labels) = (set.Pixels.ToArray(), set.Labels.ToArray());
        foreach (var row in rows)
        {
            pixels.AsSpan(row * 64, 64).Fill(255);
            labels[row] = (labels[row] + 1) % Classes;
        }
        return new("poisoned", pixels, labels, 1, 8, 8, set.ClassNames);
    }

    private static (string Print, double Loss) TrainedWith(TrainingOptions options, ulong seed)
    {
        using var model = Trained();
        var losses = Trainer.Train(model, Bands(12), all, options, new DrawSource(seed), CPU, new Log(), CancellationToken.None);
        return (Fingerprint(model), losses[^1]);
    }

    private static string Refused(TrainingOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;
}
