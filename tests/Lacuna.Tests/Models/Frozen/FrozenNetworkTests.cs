using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Frozen;

/// <summary>The compiled passes against the tensor library's own differentiation of the network as it is, in float64.</summary>
[Collection(TensorLibrary.Name)]
public sealed class FrozenNetworkTests : IDisposable
{
    private readonly IDisposable _scope = NewDisposeScope();

    // Every architecture that has stages; the smallest images that keep every layer at work, since float64 and double backward cost much.
    public static TheoryData<string, Form?, int, int> Networks { get; } = new()
    {
        { "cnn-s", null, 1, 12 },
        { "resnet20", null, 3, 16 },
        { "resnet18", Form.Cifar, 3, 8 },
        { "resnet18", Form.Imagenet, 3, 32 },
        { "resnet50", Form.Imagenet, 3, 32 },
        { "vgg16_bn", Form.Cifar, 3, 32 },
        { "mobilenet_v2", Form.Cifar, 3, 8 },
        { "mobilenet_v2", Form.Imagenet, 3, 32 },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Passes_equal_automatic_differentiation(string name, Form? form, int channels, int side)
    {
        using var model = Make(name, form, channels, side, ScalarType.Float64);
        var (images, labels, other) = Batch(channels, side, ScalarType.Float64);
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var pass = network.Forward(images);

        Near(model.call(images), network.Logits(images), 1e-11);
        Near(model.call(images), pass.Logits, 1e-11);
        var target = InputGradients.OfLogit(model, images, labels);
        Near(target, pass.InputGradient(OneHot(labels)), 1e-10);
        Near(InputGradients.OfLogit(model, images, other), pass.InputGradient(OneHot(other)), 1e-10);

        // <seed, J v> = <J^T seed, v> for any direction.
        var direction = randn_like(images);
        Near((target * direction).sum(), (pass.Tangent(direction) * OneHot(labels)).sum(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void MuMis_equals_double_backward(string name, Form? form, int channels, int side)
    {
        using var model = Make(name, form, channels, side, ScalarType.Float64);
        var (images, labels, other) = Batch(channels, side, ScalarType.Float64);
        using var exact = MuMisLoss.Of(model, images, labels, other);
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;

        using var fast = MuMisLoss.Of(network, images, labels, other, TensorKernels.Native);

        Assert.Equal(exact.TargetSquared, fast.TargetSquared, 1e-10 * exact.TargetSquared);
        Assert.Equal(exact.IrrelevantSquared, fast.IrrelevantSquared, 1e-10 * exact.IrrelevantSquared);
        var parameters = model.TrainableParameters();
        Assert.Equal(parameters.Count, fast.Gradients.Count);
        for (var i = 0; i < parameters.Count; i++)
        {
            var (expected, got) = (exact.Gradients[i], fast.Gradients[i]);
            if (got is not null) Near(expected!, got, 1e-10, parameters[i].Name);
            else Assert.True(expected is null || expected.abs().max().ToDouble() == 0, $"{parameters[i].Name} has a gradient, but none was found");
        }
    }

    [Fact]
    public void Weights_are_taken_anew_on_demand()
    {
        using var model = Make("resnet20", null, 3, 16, ScalarType.Float32);
        var (images, _, _) = Batch(3, 16, ScalarType.Float32);
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        var before = network.Logits(images);
        using (no_grad())
        {
            foreach (var (_, parameter) in model.TrainableParameters()) parameter.mul_(1.1);
        }
        network.Fold();
        Assert.True((before - network.Logits(images)).abs().max().ToDouble() > 1);
        Near(model.call(images), network.Logits(images), 1e-4);
    }

    [Fact]
    public void Networks_without_stages_take_the_general_path()
    {
        using var model = Make("vit_tiny", null, 3, 32, ScalarType.Float32);
        Assert.Null(FrozenNetwork.Of(model, TensorKernels.Native));
    }

    internal static StagedClassifier Make(string name, Form? form, int channels, int side, ScalarType type)
    {
        var model = ModelZoo.Create(name, new ModelOptions(Classes, channels, side, side, Normalisation.Default(channels)) { Form = form }, seed: 3);
        model.to(type);
        using var _ = no_grad();
        manual_seed(4);
        // Batch norms that do something, as after training.
        foreach (var norm in model.modules().OfType<TorchSharp.Modules.BatchNorm2d>())
        {
            norm.running_mean!.copy_(randn_like(norm.running_mean!) * 0.1);
            norm.running_var!.copy_(rand_like(norm.running_var!) + 0.5);
            norm.weight!.copy_(rand_like(norm.weight!) + 0.5);
            norm.bias!.copy_(randn_like(norm.bias!) * 0.1);
        }
        model.eval();
        return model;
    }

    private const int Classes = 7;

    internal static (Tensor Images, Tensor Labels, Tensor Other) Batch(int channels, int side, ScalarType type)
    {
        manual_seed(5);
        return (rand(3, channels, side, side, dtype: type), tensor(new long[] { 0, 3, 6 }), tensor(new long[] { 1, 2, 5 }));
    }

    private static Tensor OneHot(Tensor classes) => nn.functional.one_hot(classes, Classes).to(ScalarType.Float64);

    private static void Near(Tensor expected, Tensor actual, double limit, string what = "values")
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (expected - actual).abs().max().ToDouble();
        var size = Math.Max(1e-30, expected.abs().max().ToDouble());
        Assert.True(error <= limit * Math.Max(1, size) || error <= limit * size, $"{what}: {error} off at a size of {size}");
    }
}
