using Lacuna.Models;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models;

public sealed class ModelZooTests
{
    private static readonly ModelOptions Cifar = new(10, 3, 32, 32, Normalisation.ImageNet);

    /// <summary>
    /// The counts of the public CIFAR checkpoints (He et al. 2016, table 6: 0.27M, 0.46M, 0.66M and 0.85M). resnet18: torchvision's
    /// 11,689,512 with 3x3 instead of 7x7 in the stem and 10 instead of 1000 classes.
    /// </summary>
    [Theory]
    [InlineData("resnet20", 269_722)]
    [InlineData("resnet32", 464_154)]
    [InlineData("resnet44", 658_586)]
    [InlineData("resnet56", 853_018)]
    [InlineData("resnet18", 11_689_512 - (64 * 3 * 40) - (990 * 513))]
    public void ParameterCountsAreThePublicOnes(string architecture, int parameters)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create(architecture, Cifar, seed: 1);
        Assert.Equal(parameters, model.TrainableParameters().Sum(p => p.Value.numel()));
    }

    [Fact]
    public void SmallNetHasItsStatedParameters()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("cnn-s", new(10, 1, 28, 28, Normalisation.FashionMnist), seed: 1);
        (string, long[])[] expected =
        [
            ("conv1.weight", [16, 1, 5, 5]), ("bn1.weight", [16]), ("bn1.bias", [16]),
            ("conv2.weight", [32, 16, 3, 3]), ("bn2.weight", [32]), ("bn2.bias", [32]),
            ("fc1.weight", [512, 1568]), ("fc1.bias", [512]), ("fc2.weight", [10, 512]), ("fc2.bias", [10]),
        ];
        AssertParameters(expected, model);
        Assert.Equal(813_562, model.TrainableParameters().Sum(p => p.Value.numel()));
    }

    [Fact]
    public void ResNet20IsLaidOutAsThePublicCheckpoint()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("resnet20", Cifar, seed: 1);
        List<(string, long[])> expected = [("conv1.weight", [16, 3, 3, 3]), ("bn1.weight", [16]), ("bn1.bias", [16])];
        long inputs = 16;
        for (var stage = 1; stage <= 3; stage++)
        {
            long outputs = 8L << stage;
            for (var block = 0; block < 3; block++)
            {
                var at = $"layer{stage}.{block}.";
                expected.AddRange([
                    (at + "conv1.weight", [outputs, inputs, 3, 3]), (at + "bn1.weight", [outputs]), (at + "bn1.bias", [outputs]),
                    (at + "conv2.weight", [outputs, outputs, 3, 3]), (at + "bn2.weight", [outputs]), (at + "bn2.bias", [outputs])]);
                inputs = outputs;
            }
        }
        expected.AddRange([("linear.weight", [10, 64]), ("linear.bias", [10])]);
        AssertParameters(expected, model);
        AssertBatchNormBuffers(model);
    }

    [Fact]
    public void ResNet18IsLaidOutAsTorchvisions()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("resnet18", Cifar, seed: 1);
        List<(string, long[])> expected = [("conv1.weight", [64, 3, 3, 3]), ("bn1.weight", [64]), ("bn1.bias", [64])];
        long inputs = 64;
        for (var stage = 1; stage <= 4; stage++)
        {
            long outputs = 32L << stage;
            for (var block = 0; block < 2; block++)
            {
                var at = $"layer{stage}.{block}.";
                expected.AddRange([
                    (at + "conv1.weight", [outputs, inputs, 3, 3]), (at + "bn1.weight", [outputs]), (at + "bn1.bias", [outputs]),
                    (at + "conv2.weight", [outputs, outputs, 3, 3]), (at + "bn2.weight", [outputs]), (at + "bn2.bias", [outputs])]);
                if (inputs != outputs)
                    expected.AddRange([(at + "downsample.0.weight", [outputs, inputs, 1, 1]), (at + "downsample.1.weight", [outputs]), (at + "downsample.1.bias", [outputs])]);
                inputs = outputs;
            }
        }
        expected.AddRange([("fc.weight", [10, 512]), ("fc.bias", [10])]);
        AssertParameters(expected, model);
        AssertBatchNormBuffers(model);
    }

    [Theory]
    [InlineData("cnn-s", 32, 2, 2)]
    [InlineData("resnet20", 64, 2, 2)]
    [InlineData("resnet18", 512, 1, 1)]
    [InlineData("resnet50", 2048, 1, 1)]
    [InlineData("mobilenet_v2", 1280, 1, 1)]
    public void ForwardAndFeaturesHaveTheStatedShapes(string architecture, int features, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = ModelZoo.Create(architecture, new(7, 3, 5, 7, Normalisation.ImageNet), seed: 1);
        model.eval();
        var images = zeros([2, 3, 5, 7]);
        Assert.Equal([2, 7], model.call(images).shape);
        Assert.Equal([2, features, height, width], model.Features(images).shape);
    }

    [Theory]
    [InlineData("resnet18", 28, Form.Cifar, null)]
    [InlineData("resnet18", 64, Form.Imagenet, null)]
    [InlineData("vit_tiny", 28, null, 4)]
    [InlineData("vit_tiny", 32, null, 4)]
    [InlineData("vit_tiny", 96, null, 16)]
    [InlineData("resnet20", 96, null, null)]
    public void TheImageSizeChoosesFormAndPatch(string architecture, int side, Form? form, int? patch)
    {
        var resolved = ModelZoo.Find(architecture).Resolve(Cifar with { Height = side + 32, Width = side });
        Assert.Equal((form, patch), (resolved.Form, resolved.Patch));
        Assert.Equal(resolved, ModelZoo.Find(architecture).Resolve(resolved));
    }

    [Fact]
    public void OptionsThatAnArchitectureDoesNotHaveAreRefused()
    {
        string Refusal(string architecture, ModelOptions options) => Assert.Throws<ArgumentException>(() => ModelZoo.Create(architecture, options, seed: 1)).Message;
        Assert.Contains("resnet20 has one form only", Refusal("resnet20", Cifar with { Form = Form.Imagenet }));
        Assert.Contains("vit_tiny has one form only", Refusal("vit_tiny", Cifar with { Form = Form.Cifar }));
        Assert.Contains("resnet18 does not cut images into patches", Refusal("resnet18", Cifar with { Patch = 4 }));
        Assert.Contains("cannot be cut into patches of 5x5", Refusal("vit_tiny", Cifar with { Patch = 5 }));
        Assert.Contains("at least 1 pixel", Refusal("vit_tiny", Cifar with { Patch = 0 }));
        Assert.Contains("at least 32x32 pixels", Refusal("vgg16_bn", Cifar with { Height = 28, Width = 40 }));
    }

    [Fact]
    public void AVisionTransformersTokensLieWhereItsPatchesDo()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = ModelZoo.Create("vit_tiny", Cifar with { Height = 8, Width = 12 }, seed: 1);
        Assert.Equal([2, 10], model.call(zeros([2, 3, 8, 12])).shape);
        Assert.Equal([2, 7, 192], model.Features(zeros([2, 3, 8, 12])).shape);
        // Class token -1, then rows of three patches.
        var map = model.SpatialMap(tensor(new[] { -1f, 0, 1, 2, 3, 4, 5 }).reshape(1, 7, 1));
        Assert.Equal([1, 1, 2, 3], map.shape);
        Tiny.Near([0, 1, 2, 3, 4, 5], map, 0);
        Assert.Contains("cannot take 12x8", Assert.Throws<ArgumentException>(() => model.call(zeros([2, 3, 12, 8]))).Message);
    }

    [Fact]
    public void DropoutFollowsFromItsSeedAndIsOffInEvaluation()
    {
        const double share = 0.2;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = ModelZoo.Create("mobilenet_v2", Cifar with { Classes = 1280 }, seed: 1);
        // The head as the identity, so that it shows what was dropped.
        model.state_dict()["classifier.1.weight"].copy_(eye(1280));
        var features = ones([2, 1280, 1, 1]);
        Tensor After(ulong seed)
        {
            model.SeedDropout(seed);
            return model.Head(features);
        }
        model.train();
        var first = Tiny.Numbers(After(1));
        Assert.All(first, value => Assert.True(value == 0 || Math.Abs(value - 1 / (1 - share)) < 1e-6));
        // Dropped elements are binomial(2560, share): five deviations.
        Assert.InRange(first.Count(value => value == 0), (share - 5 * Math.Sqrt(share * (1 - share) / 2560)) * 2560, (share + 5 * Math.Sqrt(share * (1 - share) / 2560)) * 2560);
        manual_seed(99);
        Assert.Equal(first, Tiny.Numbers(After(1)));
        Assert.NotEqual(first, Tiny.Numbers(model.Head(features)));
        Assert.NotEqual(first, Tiny.Numbers(After(2)));
        model.eval();
        Assert.All(Tiny.Numbers(model.Head(features)), value => Assert.Equal(1, value));
    }

    /// <summary>A network that normalises (x - 0.25) / 0.5 and one that does nothing agree when the second is given the normalised image.</summary>
    [Fact]
    public void NormalisationIsInside()
    {
        using var scope = NewDisposeScope();
        using var inside = Formula.Double("cnn-s", new(3, 1, 8, 8, new([0.25f], [0.5f])));
        using var outside = Formula.Double("cnn-s", new(3, 1, 8, 8, new([0f], [1f])));
        var images = Formula.Values(4, 2, 1, 8, 8);
        Tiny.Near(Tiny.Numbers(outside.call((images - 0.25) / 0.5)), inside.call(images), 0);
        Tiny.Near(Tiny.Numbers(outside.call((images - 0.25) / 0.5).to(float32)), Single(inside).call(images.to(float32)), 1e-5);
    }

    [Fact]
    public void ImagesOfOtherChannelsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 1);
        Assert.Contains("[2, 3, 8, 8]", Assert.Throws<ArgumentException>(() => model.call(zeros([2, 3, 8, 8]))).Message);
    }

    [Fact]
    public void TheSeedDecidesTheWeights()
    {
        using var a = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 1);
        using var b = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 1);
        using var c = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 2);
        Assert.Equal(Tiny.Fingerprint(a), Tiny.Fingerprint(b));
        Assert.NotEqual(Tiny.Fingerprint(a), Tiny.Fingerprint(c));
    }

    /// <summary>The tensor library has one generator for the whole process.</summary>
    [Fact]
    public void TheSeedDecidesTheWeightsOnManyThreadsToo()
    {
        var prints = new string[16];
        Parallel.For(0, prints.Length, i =>
        {
            using var model = ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 1);
            prints[i] = Tiny.Fingerprint(model);
        });
        Assert.Single(prints.Distinct());
    }

    [Fact]
    public void StartingFiltersHaveHesVariance()
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create("resnet20", Cifar, seed: 1);
        var filters = model.TrainableParameters().Single(p => p.Name == "layer3.2.conv2.weight").Value;
        // 36,864 normal draws: the standard error of their deviation is 0.4 %, of their mean 0.5 % of a deviation.
        var numbers = Tiny.Numbers(filters);
        var expected = Math.Sqrt(2.0 / (64 * 9));
        Assert.InRange(Math.Sqrt(numbers.Average(v => v * v)) / expected, 0.98, 1.02);
        Assert.InRange(numbers.Average() / expected, -0.025, 0.025);
    }

    /// <summary>torchvision's laws; the standard errors of n draws are 1 / sqrt(2n) of the deviation, and all n are above 100,000.</summary>
    [Theory]
    [InlineData("resnet18", "layer4.0.conv2.weight", 0.0208333)] // sqrt(2 / (9 * 512))
    [InlineData("mobilenet_v2", "features.17.conv.2.weight", 0.0790569)] // sqrt(2 / 320)
    [InlineData("vgg16_bn", "features.40.weight", 0.0208333)]
    [InlineData("vit_tiny", "encoder.layers.encoder_layer_3.self_attention.in_proj_weight", 0.0510310)] // sqrt(2 / (192 + 576))
    [InlineData("vit_tiny", "encoder.layers.encoder_layer_3.mlp.3.weight", 0.0456435)] // sqrt(2 / (768 + 192))
    public void StartingWeightsHaveTorchvisionsDeviations(string architecture, string name, double deviation)
    {
        using var scope = NewDisposeScope();
        using var model = ModelZoo.Create(architecture, Cifar, seed: 1);
        var numbers = Tiny.Numbers(model.state_dict()[name]);
        Assert.True(numbers.Length > 100_000);
        Assert.InRange(Math.Sqrt(numbers.Average(v => v * v)) / deviation, 0.985, 1.015);
    }

    [Fact]
    public void ACloneIsEqualAndIndependent()
    {
        using var scope = NewDisposeScope();
        using var model = Formula.Double("resnet20", new(3, 3, 8, 8, Normalisation.ImageNet));
        model.train();
        using var copy = ModelZoo.Clone(model);
        Assert.Equal(Tiny.Fingerprint(model), Tiny.Fingerprint(copy));
        Assert.Equal((model.Architecture, model.Options, float64), (copy.Architecture, copy.Options, copy.TrainableParameters()[0].Value.dtype));

        var before = Tiny.Fingerprint(model);
        using (no_grad())
        {
            foreach (var (_, value) in copy.state_dict()) value.zero_();
        }
        copy.eval();
        Assert.Equal(before, Tiny.Fingerprint(model));
    }

    [Fact]
    public void AnUnknownNameIsAnsweredWithAllNames()
    {
        var message = Assert.Throws<ArgumentException>(() => ModelZoo.Create("resnet21", Cifar, seed: 1)).Message;
        Assert.Contains("'resnet21'", message);
        string[] names = ["cnn-s", "resnet20", "resnet32", "resnet44", "resnet56", "resnet18", "resnet34", "resnet50", "vgg16_bn", "mobilenet_v2", "vit_tiny", "vit_small", "vit_base"];
        Assert.Equal(names, ModelZoo.Entries.Select(e => e.Name));
        Assert.All(names, name => Assert.Contains(name, message));
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused()
    {
        Assert.Contains("two classes", Refused(Cifar with { Classes = 1 }));
        Assert.Contains("at least 1", Refused(Cifar with { Height = 0 }));
        Assert.Contains("1 mean(s)", Refused(Cifar with { Normalisation = Normalisation.FashionMnist }));
        Assert.Contains("positive", Refused(Cifar with { Normalisation = new([0, 0, 0], [1, 0, 1]) }));
        Assert.Contains("finite", Refused(Cifar with { Normalisation = new([0, float.NaN, 0], [1, 1, 1]) }));
        Assert.Contains("4x4", Assert.Throws<ArgumentException>(() => ModelZoo.Create("cnn-s", Cifar with { Width = 3 }, 1)).Message);
    }

    private static string Refused(ModelOptions options) => Assert.Throws<ArgumentException>(() => ModelZoo.Create("resnet20", options, seed: 1)).Message;

    private static Classifier Single(Classifier model)
    {
        model.to(float32);
        return model;
    }

    private static void AssertParameters(IEnumerable<(string Name, long[] Shape)> expected, Classifier model) =>
        Assert.Equal(
            expected.Select(e => $"{e.Name} [{string.Join(", ", e.Shape)}]"),
            model.TrainableParameters().Select(p => $"{p.Name} [{string.Join(", ", p.Value.shape)}]"));

    // PyTorch keeps these three beside the weight and bias of every batch norm, and nothing else.
    private static void AssertBatchNormBuffers(Classifier model)
    {
        var parameters = model.TrainableParameters().Select(p => p.Name).ToHashSet();
        var norms = parameters.Where(p => p.EndsWith("bn1.bias", StringComparison.Ordinal) || p.EndsWith("bn2.bias", StringComparison.Ordinal)
            || p.EndsWith("downsample.1.bias", StringComparison.Ordinal)).Select(p => p[..^"bias".Length]);
        Assert.Equal(
            norms.SelectMany(n => new[] { n + "num_batches_tracked", n + "running_mean", n + "running_var" }).Order(StringComparer.Ordinal),
            model.state_dict().Keys.Where(k => !parameters.Contains(k)).Order(StringComparer.Ordinal));
    }
}
