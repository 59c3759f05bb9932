using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Training and evaluation with the channels of a pixel side by side in memory: the same network, only faster.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ChannelsLastTests
{
    private const int Side = 16;
    private static readonly int[] all = [.. Enumerable.Range(0, 12)];
    private static readonly ImageSet set = Noise(12);

    // Those that take images of this side; VGG-16 does not.
    private static IEnumerable<string> Small => ModelZoo.Entries.Where(e => e.SmallestSide <= Side).Select(e => e.Name);

    public static TheoryData<string> Networks => ["cnn-s", .. Preferring.Select(row => row.Data)];

    public static TheoryData<string> Preferring => [.. Small.Where(PrefersIt)];

    [Fact]
    public void TheResidualNetworksPreferIt() => Assert.Equal(["resnet20", "resnet32", "resnet44", "resnet56", "resnet18"], Preferring.Select(row => row.Data));

    private static bool PrefersIt(string network)
    {
        using var model = Make(network);
        return model.PrefersChannelsLast;
    }

    /// <summary>A layer that fell back would be right and slow, and so would all behind it.</summary>
    [Theory]
    [MemberData(nameof(Preferring))]
    public void EveryLayerUpToTheHeadKeepsTheOrder(string network)
    {
        using var scope = NewDisposeScope();
        using var model = Make(network);
        using var weights = new TrainedWeights(model, channelsLast: true);
        var images = new BatchSource(set, all, CPU, channelsLast: true).All().Images;
        Assert.Equal([12, 3, Side, Side], images.shape);
        var (layers, wrong) = (0, new List<string>());
        foreach (var (name, layer) in model.named_modules().Where(m => m.module is nn.Module<Tensor, Tensor> and not Classifier))
        {
            ((nn.Module<Tensor, Tensor>)layer).register_forward_hook((_, _, output) =>
            {
                layers++;
                if (output.dim() == 4 && !IsChannelsLast(output)) wrong.Add($"{name} [{string.Join(", ", output.stride())}]");
                return output;
            });
        }
        Assert.True(IsChannelsLast(model.Features(images)));
        Assert.Empty(wrong);
        Assert.True(layers > 20);
    }

    /// <summary>
    /// Roundings of 1e-6; but a ReLU among the hundred thousands whose input is as close to zero may open or close, which changes a gradient by some 1e-3 of its norm, in the usual
    /// order as well. Elements in a wrong place would be off by the whole norm.
    /// </summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void GradientsAreThoseOfFloat64(string network)
    {
        using var scope = NewDisposeScope();
        using var model = Make(network);
        using var wide = ModelZoo.Clone(model);
        wide.to(ScalarType.Float64);
        Tensor[] Of(Classifier net, bool channelsLast)
        {
            using var weights = new TrainedWeights(net, channelsLast);
            var batch = new BatchSource(set, all, CPU, channelsLast: channelsLast).All();
            net.train();
            var loss = nn.functional.cross_entropy(net.call(batch.Images.to(net.TrainableParameters()[0].Value.dtype)), batch.Labels);
            return [.. weights.Gradients(loss).Zip(net.TrainableParameters(), (g, p) => (p.Value.is_contiguous() ? g : g.permute(0, 3, 1, 2)).to(ScalarType.Float64))];
        }
        var (exact, turned) = (Of(wide, false), Of(model, true));
        for (var i = 0; i < exact.Length; i++) Assert.InRange((turned[i] - exact[i]).norm().ToDouble(), 0, 0.02 * exact[i].norm().ToDouble());
    }

    /// <summary>
    /// Three steps with momentum. What the weights moved by, because the weights themselves hardly differ; the steps make more of what is said
    /// above. A wrong order would be off by the whole move.
    /// </summary>
    [Theory]
    [InlineData("cnn-s")]
    [InlineData("resnet20")]
    [InlineData("resnet18")]
    public void TrainingMovesTheWeightsTheSameWayInEitherOrder(string network)
    {
        using var scope = NewDisposeScope();
        using var start = Make(network);
        using Classifier usual = ModelZoo.Clone(start), turned = ModelZoo.Clone(start);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 12, LearningRate = 0.001, Augmentation = Augmentation.Cifar, Nesterov = true };
        IReadOnlyList<double> Train(Classifier model, bool channelsLast) =>
            Trainer.Train(model, set, all, options, new DrawSource(4), CPU, new Log(), CancellationToken.None, null, channelsLast);
        var (first, second) = (Train(usual, false), Train(turned, true));
        for (var i = 0; i < first.Count; i++) Assert.Equal(first[i], second[i], 1e-3);
        var (before, moved) = (start.state_dict(), turned.state_dict());
        Assert.Equal(before.Keys, moved.Keys);
        foreach (var (name, value) in usual.state_dict())
        {
            Assert.True(moved[name].is_contiguous(), name);
            var distance = (value - before[name]).to(ScalarType.Float64).norm().ToDouble();
            Assert.InRange((moved[name] - value).to(ScalarType.Float64).norm().ToDouble(), 0, 0.05 * distance);
        }
    }

    [Fact]
    public void WeightsLieInTheirUsualOrderAgainWhateverHappens()
    {
        using var model = Make("resnet20");
        model.TrainableParameters()[0].Value.requires_grad = true;
        string[] names = [.. model.state_dict().Keys];
        var before = Fingerprint(model);
        using var interrupt = new CancellationTokenSource();
        using (var weights = new TrainedWeights(model, channelsLast: true))
        {
            var filters = model.TrainableParameters().Where(p => p.Value.dim() == 4).Select(p => p.Value).ToArray();
            Assert.All(filters, filter => Assert.True(IsChannelsLast(filter) && filter.requires_grad));
            Assert.All(weights.Plains, plain => Assert.True(plain.is_contiguous()));
            Assert.Equal(before, Fingerprint(model));
        }
        Assert.All(model.TrainableParameters(), p => Assert.True(p.Value.is_contiguous() && p.Value.requires_grad));
        Assert.Equal(before, Fingerprint(model));
        Assert.Equal(names, model.state_dict().Keys);

        Assert.Throws<OperationCanceledException>(() => Trainer.Train(model, set, all, new() { BatchSize = 6 }, new DrawSource(1), CPU, new Log(interrupt.Cancel), interrupt.Token));
        Assert.All(model.TrainableParameters(), p => Assert.True(p.Value.is_contiguous()));
    }

    [Fact]
    public void WhatIsSavedAfterAnEpochIsWhatAnEndAfterItWouldHaveSaved()
    {
        using var folder = new TemporaryFolder();
        using var model = Make("resnet20");
        var file = folder.File("epoch.safetensors");
        var options = new TrainingOptions { Epochs = 1, BatchSize = 6, LearningRate = 0.01 };
        Trainer.Train(model, set, all, options, new DrawSource(1), CPU, new Log(), CancellationToken.None, _ => ModelFile.Save(model, file));
        using var loaded = ModelFile.Load(file, null, model.Options, _ => { });
        Assert.Equal(Fingerprint(model), Fingerprint(loaded));
    }

    /// <summary>Softmax of logits in [-10, 10], float32: the two orders differ in the sixth place.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EvaluationSaysWhatAForwardPassInTheUsualOrderSays(bool withVector)
    {
        using var scope = NewDisposeScope();
        using var model = Make("resnet20");
        model.eval();
        var vector = withVector ? tensor(Enumerable.Range(0, 3 * Side * Side).Select(i => MathF.Sin(i) / 10).ToArray(), [3, Side, Side]) : null;
        var images = new BatchSource(set, all, CPU).All().Images;
        var expected = nn.functional.softmax(model.call(vector is null ? images : images + vector), 1);
        var own = expected.gather(1, tensor(Array.ConvertAll(set.Labels.ToArray(), l => (long)l)).unsqueeze(1));
        var said = new Predictor(model, vector, CPU, batchSize: 5).Of(set, all, TestContext.Current.CancellationToken);
        Near(said.LabelConfidence, own, 1e-5);
        Assert.Equal(expected.argmax(1).data<long>().ToArray().Select(c => (int)c), said.Predicted);
    }

    private static bool IsChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).is_contiguous();

    private static StagedClassifier Make(string network) => ModelZoo.Create(network, new ModelOptions(4, 3, Side, Side, Normalisation.ImageNet), seed: 2);

    private static ImageSet Noise(int count)
    {
        var pixels = new byte[count * 3 * Side * Side];
        new Random(1).NextBytes(pixels);
        return new("noise", pixels, [.. Enumerable.Range(0, count).Select(i => i % 4)], 3, Side, Side, ["a", "b", "c", "d"]);
    }
}
