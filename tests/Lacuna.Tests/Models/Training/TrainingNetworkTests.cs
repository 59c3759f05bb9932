using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Training;
using Lacuna.Numerics;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Training;

/// <summary>The compiled passes of training against the tensor library's own differentiation of the network as it is.</summary>
[Collection(TensorLibrary.Name)]
public sealed class TrainingNetworkTests : IDisposable
{
    private const int Logits = 7;

    private const int Images = 6;

    private readonly DisposeScope _scope = NewDisposeScope();

    // Every architecture that has stages; the smallest images that keep every layer at work.
    public static TheoryData<string, Form?, int, int, bool> Networks
    {
        get
        {
            var data = new TheoryData<string, Form?, int, int, bool>();
            foreach (var (name, form, channels, side) in ((string, Form?, int, int)[])
                [("cnn-s", null, 1, 12), ("resnet20", null, 3, 16), ("resnet18", Form.Cifar, 3, 8), ("resnet18", Form.Imagenet, 3, 32), ("resnet50", Form.Imagenet, 3, 32),
                    ("vgg16_bn", Form.Cifar, 3, 32), ("mobilenet_v2", Form.Cifar, 3, 8), ("mobilenet_v2", Form.Imagenet, 3, 32)])
            {
                data.Add(name, form, channels, side, false);
                data.Add(name, form, channels, side, true);
            }
            return data;
        }
    }

    /// <summary>Without those in training mode whose fifty layers end in maps of one place, where six values a channel make a percent of a rounding: float64 holds their algebra.</summary>
    public static TheoryData<string, Form?, int, int, bool> SteadyNetworks => [.. Networks.Where(row => row.Data is not ("resnet50" or "mobilenet_v2", Form.Imagenet, _, _, true))];

    public void Dispose() => _scope.Dispose();

    /// <summary>Stages then go by the library's operators, so that all that is ours is their order: sums of a thousand terms in another order.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Float64_is_the_general_path(string name, Form? form, int channels, int side, bool trains)
    {
        using var model = Make(name, form, channels, side, ScalarType.Float64);
        using var other = ModelZoo.Clone(model);
        var (expected, got) = (General(other, trains, channelsLast: false), Compiled(model, trains, channelsLast: false));
        Compare(expected, got, 1e-9);
        Assert.All(model.named_buffers().Zip(other.named_buffers()), pair => Assert.True(Distance(pair.Second.buffer, pair.First.buffer) <= 1e-12, pair.First.name));
    }

    /// <summary>
    /// Float32 in either order of memory. A rounding is 6e-8, of which each of up to fifty layers adds some ten; batch norm over the six to some hundred values of a channel that there are here makes
    /// up to a hundred times as much of those before it, so the limit is what the tensor library's own way on contiguous memory keeps too: that is off by 1e-6 (resnet20) to 2e-4 (mobilenet_v2).
    /// A ReLU whose input is within rounding of zero may open in one precision and not in the other: the seed is one where none does that counts.
    /// </summary>
    [Theory]
    [MemberData(nameof(SteadyNetworks))]
    public void Float32_is_as_near_to_float64_as_the_general_path_is(string name, Form? form, int channels, int side, bool trains)
    {
        using var wide = Make(name, form, channels, side, ScalarType.Float64);
        var expected = General(wide, trains, channelsLast: false);
        foreach (var way in (string[])["general", "contiguous", "channels-last"])
        {
            using var model = Make(name, form, channels, side, ScalarType.Float32);
            Compare(expected, way == "general" ? General(model, trains, false) : Compiled(model, trains, way == "channels-last"), 5e-4);
            foreach (var (buffer, exact) in model.named_buffers().Zip(wide.named_buffers()))
                Assert.True(Distance(exact.buffer, buffer.buffer) <= 1e-4, $"{way}: {buffer.name} is off by {Distance(exact.buffer, buffer.buffer):g2}");
        }
    }

    /// <summary>What weights and statistics moved by in three steps with momentum. Those that hardly move but by roundings (the shift of a batch norm before another, the mean of what was normalised) are measured
    /// by all together; elements in a wrong place would be off by the whole move.</summary>
    [Theory]
    [InlineData("cnn-s", null, 16)]
    [InlineData("resnet20", null, 16)]
    [InlineData("resnet18", Form.Cifar, 16)]
    [InlineData("mobilenet_v2", Form.Cifar, 16)]
    public void Trainer_moves_the_weights_as_the_general_path_does(string name, Form? form, int side)
    {
        using var start = ModelZoo.Create(name, new ModelOptions(4, 3, side, side, Normalisation.Default(3)) { Form = form }, seed: 2);
        var set = Noise(side);
        int[] rows = [.. Enumerable.Range(0, set.Count)];
        TrainingOptions options = new() { Epochs = 3, BatchSize = 24, LearningRate = 0.001, LabelSmoothing = 0.1, Nesterov = true };
        Classifier Trained(TensorKernels kernels, bool channelsLast)
        {
            var model = ModelZoo.Clone(start);
            Trainer.Train(model, set, rows, options, new DrawSource(4), new Compute(CPU, kernels), new Log(), CancellationToken.None, null, channelsLast);
            return model;
        }
        using var expected = Trained(TensorKernels.Operators, false);
        // mobilenet_v2 in the other order differs by ten times as much already in the library's own way: its last layers have the 24 values of a channel that make much of a rounding.
        foreach (var channelsLast in start.PrefersChannelsLast || name == "cnn-s" ? new[] { false, true } : [false])
        {
            using var got = Trained(TensorKernels.Native, channelsLast);
            var (before, moved) = (start.state_dict(), got.state_dict());
            var size = Math.Sqrt(expected.state_dict().Where(entry => entry.Value.is_floating_point()).Sum(entry => (entry.Value - before[entry.Key]).square().sum().ToDouble()));
            foreach (var (key, value) in expected.state_dict())
            {
                if (key.EndsWith("num_batches_tracked", StringComparison.Ordinal)) Assert.Equal(value.ToInt64(), moved[key].ToInt64());
                else Assert.InRange((moved[key] - value).norm().ToDouble(), 0, 0.02 * Math.Max((value - before[key]).norm().ToDouble(), 0.05 * size));
            }
        }
    }

    [Fact]
    public void Networks_without_stages_and_operators_take_the_general_path()
    {
        using var transformer = Make("vit_tiny", null, 3, 32, ScalarType.Float32);
        Assert.Null(TrainingNetwork.For(transformer, TensorKernels.Native, channelsLast: false));
        using var residual = Make("resnet20", null, 3, 16, ScalarType.Float32);
        Assert.NotNull(TrainingNetwork.For(residual, TensorKernels.Native, channelsLast: true));
        Assert.Null(TrainingNetwork.For(residual, TensorKernels.Operators, channelsLast: true));
        residual.to(ScalarType.Float64);
        Assert.Null(TrainingNetwork.For(residual, TensorKernels.Native, channelsLast: true));
    }

    private static (Tensor Logits, Tensor[] Gradients) General(Classifier model, bool trains, bool channelsLast)
    {
        var (images, seed) = Batch(model);
        using var weights = new TrainedWeights(model, channelsLast);
        model.train(trains);
        model.SeedDropout(11);
        var logits = model.call(images);
        return (logits.detach(), InModelsOrder(model, weights.Gradients((logits * seed).sum())));
    }

    private static (Tensor Logits, Tensor[] Gradients) Compiled(Classifier model, bool trains, bool channelsLast)
    {
        var (images, seed) = Batch(model);
        using var weights = new TrainedWeights(model, channelsLast);
        model.train(trains);
        model.SeedDropout(11);
        var network = TrainingNetwork.Of(model, TensorKernels.Native, channelsLast)!;
        using var pass = network.Forward(images);
        return (pass.Logits.alias(), InModelsOrder(model, weights.Plain(pass.WeightGradients(seed))));
    }

    private static Tensor[] InModelsOrder(Classifier model, Tensor[] gradients) =>
        [.. gradients.Zip(model.TrainableParameters(), (gradient, p) => p.Value.is_contiguous() ? gradient : gradient.permute(0, 3, 1, 2))];

    private static (Tensor Images, Tensor Seed) Batch(Classifier model)
    {
        manual_seed(5);
        var type = model.TrainableParameters()[0].Value.dtype;
        var (images, seed) = (rand(Images, model.Options.Channels, model.Options.Height, model.Options.Width), randn(Images, Logits));
        return (images.to(type), seed.to(type));
    }

    private static void Compare((Tensor Logits, Tensor[] Gradients) expected, (Tensor Logits, Tensor[] Gradients) got, double limit)
    {
        Assert.InRange(Distance(expected.Logits, got.Logits), 0, limit);
        Assert.Equal(expected.Gradients.Length, got.Gradients.Length);
        // What batch norm takes away again, as a bias before it, has no gradient but rounding: then the size is that of the others.
        var size = Math.Sqrt(expected.Gradients.Sum(gradient => gradient.square().sum().ToDouble()));
        for (var i = 0; i < expected.Gradients.Length; i++)
        {
            Assert.Equal(expected.Gradients[i].shape, got.Gradients[i].shape);
            var error = (expected.Gradients[i] - got.Gradients[i].to(ScalarType.Float64)).norm().ToDouble();
            var own = expected.Gradients[i].norm().ToDouble();
            Assert.True(error <= limit * Math.Max(own, 1e-2 * size), $"gradient {i}: {error:g3} off at a norm of {own:g3}, {error / own:g2}");
        }
    }

    private static double Distance(Tensor expected, Tensor got)
    {
        var exact = expected.to(ScalarType.Float64);
        return ((exact - got.to(ScalarType.Float64)).norm() / exact.norm().clamp_min(1e-30)).ToDouble();
    }

    private static StagedClassifier Make(string name, Form? form, int channels, int side, ScalarType type)
    {
        var model = ModelZoo.Create(name, new ModelOptions(Logits, channels, side, side, Normalisation.Default(channels)) { Form = form }, seed: 3);
        using (no_grad())
        {
            manual_seed(4);
            // Batch norms that do something, as after training.
            foreach (var norm in model.modules().OfType<TorchSharp.Modules.BatchNorm2d>())
            {
                norm.running_mean!.copy_(randn_like(norm.running_mean!) * 0.1);
                norm.running_var!.copy_(rand_like(norm.running_var!) + 0.5);
                norm.weight!.copy_(rand_like(norm.weight!) + 0.5);
                norm.bias!.copy_(randn_like(norm.bias!) * 0.1);
            }
        }
        model.to(type);
        return model;
    }

    private static ImageSet Noise(int side)
    {
        var pixels = new byte[24 * 3 * side * side];
        new Random(1).NextBytes(pixels);
        return new("noise", pixels, [.. Enumerable.Range(0, 24).Select(i => i % 4)], 3, side, side, ["a", "b", "c", "d"]);
    }
}
