using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Every kind of network goes through every method: residual, bottleneck, VGG, depthwise and Vision Transformer, in the smallest images it takes.</summary>
public sealed class EveryArchitectureTests : IDisposable
{
    private static readonly int[] forget = [0, 4];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, Form?, int> Kinds => new()
    {
        { "resnet18", Form.Imagenet, 32 },
        { "resnet50", Form.Cifar, 8 },
        { "vgg16_bn", Form.Cifar, 32 },
        { "mobilenet_v2", Form.Cifar, 8 },
        { "vit_tiny", null, 8 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryMethodTakesAStep(string architecture, Form? form, int side)
    {
        using var original = Network(architecture, form, side);
        var before = Fingerprint(original);
        var set = Noise(side, original);
        IUnlearningMethod[] methods =
        [
            new MuMisMethod(new() { MaxSteps = 1, BatchSize = 2, LearningRate = 1e-3 }),
            new ForgetVectorMethod(new() { Epochs = 1, BatchSize = 6 }),
            new InstanceWiseMethod(new() { AdversarialImages = 1, Attack = new(1, 0.2, 2), LearningRate = 1e-3, MaxPasses = 1 }),
            new FineTuneMethod(new() { Epochs = 1, BatchSize = 4, LearningRate = 1e-3 }),
        ];
        foreach (var method in methods)
        {
            using var outcome = method.Run(original, Task(forget, set: set), TestContext.Current.CancellationToken);
            Assert.True(outcome.Steps > 0, method.Name);
            Assert.All(outcome.Trace.Values, series => Assert.All(series, value => Assert.True(double.IsFinite(value), method.Name)));
            if (method is ForgetVectorMethod) Assert.True(Numbers(outcome.ForgetVector!).Max(Math.Abs) > 0);
            else Assert.NotEqual(before, Fingerprint(outcome.Model));
            Assert.Equal(before, Fingerprint(original));
        }
    }

    /// <summary>
    /// The loss of MU-Mis along one direction in all weights at once, by central differences over 2e-7: rounding of 1e-15 of the sensitivities over
    /// 1e-7, times the depth of the sums, and no kink within the step for these weights.
    /// </summary>
    [Theory]
    [InlineData("resnet18", Form.Imagenet, 32)] // convolutions, batch norms, ReLU, max pooling
    [InlineData("mobilenet_v2", Form.Cifar, 8)] // depthwise convolutions, ReLU6
    [InlineData("vit_tiny", null, 8)] // attention, layer norm, GELU
    public void TheNetworkIsDifferentiatedTwiceExactly(string architecture, Form? form, int side)
    {
        using var model = Network(architecture, form, side);
        model.to(float64);
        var images = Formula.Values(3, 2, 3, side, side);
        var (labels, irrelevant) = (tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 0 }));
        var parameters = model.TrainableParameters().Select(p => (Tensor)p.Value).ToArray();
        // One unit of each weight's own size, so that deep and wide layers count alike.
        var directions = parameters.Select((p, k) => ((Formula.Values(k, p.shape) - 0.5) * (p.detach().square().mean().sqrt() + 1e-3)).DetachFromDisposeScope()).ToArray();
        double slope = 0, size;
        using (var loss = MuMisLoss.Of(model, images, labels, irrelevant))
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                if (loss.Gradients[i] is { } gradient) slope += (gradient * directions[i]).sum().ToDouble();
            }
            size = loss.TargetSquared + loss.IrrelevantSquared;
        }
        double Beside(double by)
        {
            using (no_grad())
            {
                for (var i = 0; i < parameters.Length; i++) parameters[i].add_(directions[i], alpha: by);
            }
            using var frozen = new FrozenWeights(model);
            double Squared(Tensor classes) => InputGradients.OfLogit(model, images, classes).square().sum().ToDouble() / 2;
            return Squared(labels) - Squared(irrelevant);
        }
        // From 0 to h, and from there to -h.
        var numerical = (Beside(1e-7) - Beside(-2e-7)) / 2e-7;
        Assert.True(Math.Abs(numerical - slope) <= 1e-5 * Math.Max(Math.Abs(slope), size), $"{slope:R}, by differences {numerical:R}, loss of size {size:R}");
        foreach (var direction in directions) direction.Dispose();
    }

    /// <summary>
    /// Every image's own backward pass, written out here; no ReLU is near enough to zero to differ, and what is left is float32's rounding. Convolutional
    /// networks take one compiled pass a batch, depthwise layers too; a Vision Transformer goes image by image.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void ImportanceIsThatOfALoopOverTheImages(string architecture, Form? form, int side)
    {
        using var model = Network(architecture, form, side);
        model.eval();
        var images = Formula.Values(7, 3, 3, side, side).to(float32);
        var parameters = model.TrainableParameters();

        var actual = WeightImportance.Measure(model, images, tensor(new long[] { 0, 2, 1 }), ImportanceKind.MasPerSample, TensorKernels.Native, 3, TestContext.Current.CancellationToken);
        var norms = model.call(images).square().sum(1).sqrt();
        var rows = Enumerable.Range(0, 3).Select(n => autograd.grad([norms[n]], [.. parameters.Select(p => (Tensor)p.Value)], retain_graph: true)).ToArray();
        for (var i = 0; i < parameters.Count; i++)
        {
            var expected = (rows[0][i].abs() + rows[1][i].abs() + rows[2][i].abs()) / 3;
            var largest = expected.max().ToSingle();
            Assert.True(largest > 0, parameters[i].Name);
            var off = (expected - actual[i]).abs().max().ToSingle();
            Assert.True(off <= 2e-5 * largest, $"{parameters[i].Name}: off by {off}, largest {largest}");
            actual[i].Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradCamIsAMapOverTheImage(string architecture, Form? form, int side)
    {
        using var model = Network(architecture, form, side);
        var images = Formula.Values(7, 2, 3, side, side).to(float32);
        var classes = tensor(new long[] { 0, 2 });
        var map = GradCam.Of(model, images, classes);
        Assert.Equal(3, map.dim());
        Assert.Equal((side, side), (side / (int)map.size(1) * (int)map.size(1), side / (int)map.size(2) * (int)map.size(2)));

        var leaf = model.Features(images).detach().requires_grad_();
        var slope = autograd.grad([model.Head(leaf).gather(1, classes.unsqueeze(1)).sum()], [leaf])[0];
        // Tokens [N, 1 + 2 * 2, D] without the class token, or maps.
        Tensor Flat(Tensor of) => architecture == "vit_tiny" ? of.slice(1, 1, 5, 1).transpose(1, 2) : of.flatten(2);
        Near(Numbers((Flat(slope).mean([2], keepdim: true) * Flat(leaf)).sum(1).relu()), map.flatten(1), 1e-6);
    }

    /// <summary>Dropout draws from the seed of the run, and from nothing else.</summary>
    [Fact]
    public void TrainingWithDropoutRepeatsItself()
    {
        using var original = Network("mobilenet_v2", Form.Cifar, 8);
        var method = new FineTuneMethod(new() { Epochs = 2, BatchSize = 4, LearningRate = 1e-2 });
        string Once(ulong seed)
        {
            using var outcome = method.Run(original, Task(forget, set: Noise(8, original), seed: seed), TestContext.Current.CancellationToken);
            return Fingerprint(outcome.Model);
        }
        var first = Once(5);
        manual_seed(123);
        Assert.Equal(first, Once(5));
        Assert.NotEqual(first, Once(6));
    }

    private static StagedClassifier Network(string architecture, Form? form, int side)
    {
        var model = ModelZoo.Create(architecture, new(Classes, 3, side, side, Normalisation.ImageNet, form), seed: 1);
        Formula.Fill(model);
        model.eval();
        return model;
    }

    /// <summary>Images of noise that the network knows: their labels are its own.</summary>
    private static ImageSet Noise(int side, Classifier knower)
    {
        const int count = 12;
        var pixels = new byte[count * 3 * side * side];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(255 * Formula.Value(i, 2));
        using var _ = no_grad();
        var labels = knower.call(tensor(pixels, [count, 3, side, side]).to(float32) / 255).argmax(1).data<long>().Select(label => (int)label).ToArray();
        return new("noise", pixels, labels, 3, side, side, ["a", "b", "c"]);
    }
}
