using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Frozen;

/// <summary>The compiled passes in float32, where convolutions are our own, against the same passes in float64, where they are the tensor library's.</summary>
[Collection(TensorLibrary.Name)]
public sealed class FrozenConvolutionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// A ReLU whose input is within rounding of zero may open in one precision and not in the other, which no tolerance of a gradient covers: the seed is one where none does so that counts.
    /// Otherwise 1e-5 are some fifty roundings in each of twenty layers.
    /// </summary>
    [Theory]
    [InlineData("resnet20", null, 16)]
    [InlineData("resnet20", null, 18)]
    [InlineData("resnet18", Form.Cifar, 16)]
    public void Passes_in_float32_are_those_in_float64(string name, Form? form, int side)
    {
        using var single = Make(name, form, side, ScalarType.Float32);
        using var twice = Make(name, form, side, ScalarType.Float64);
        manual_seed(5);
        var (images, direction, seed) = (rand(3, 3, side, side), randn(3, 3, side, side), randn(3, 10));
        using var network = FrozenNetwork.Of(single, TensorKernels.Native)!;
        using var exact = FrozenNetwork.Of(twice, TensorKernels.Native)!;
        using var pass = network.Forward(images);
        using var exactPass = exact.Forward(images.to(ScalarType.Float64));

        Near(exactPass.Logits, network.Logits(images), 1e-5);
        Near(exactPass.Logits, pass.Logits, 1e-5);
        Near(exactPass.InputGradient(seed.to(ScalarType.Float64), "adjoint"), pass.InputGradient(seed, "adjoint"), 1e-5);
        Near(exactPass.Tangent(direction.to(ScalarType.Float64)), pass.Tangent(direction), 1e-5);
        exactPass.AddWeightGradient(direction.to(ScalarType.Float64), "adjoint");
        pass.AddWeightGradient(direction, "adjoint");
        foreach (var (expected, got) in exactPass.WeightGradients().Zip(pass.WeightGradients()))
        {
            Assert.Equal(expected is null, got is null);
            if (expected is not null) Near(expected, got!, 2e-5);
        }
    }

    /// <summary>A batch that goes through in parts, 256 images of 16x16 and the rest, against those parts as batches of their own; sums over images in another order differ by roundings.</summary>
    [Fact]
    public void Parts_of_a_batch_do_not_know_of_each_other()
    {
        using var model = Make("resnet20", null, 16, ScalarType.Float32);
        manual_seed(7);
        var (images, direction, seed) = (rand(270, 3, 16, 16), randn(270, 3, 16, 16), randn(270, 10));
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var whole = network.Forward(images);
        using var first = network.Forward(images.narrow(0, 0, 256));
        using var second = network.Forward(images.narrow(0, 256, 14));
        FrozenPass[] parts = [first, second];
        Tensor Of(Tensor batch, int part) => part == 0 ? batch.narrow(0, 0, 256) : batch.narrow(0, 256, 14);
        Tensor Both(Func<FrozenPass, int, Tensor> of) => cat([of(first, 0), of(second, 1)], 0).to(ScalarType.Float64);

        Near(Both((pass, _) => pass.Logits), whole.Logits, 1e-6);
        Near(Both((pass, _) => pass.Logits), network.Logits(images), 1e-6);
        Near(Both((pass, i) => pass.InputGradient(Of(seed, i), "adjoint")), whole.InputGradient(seed, "adjoint"), 1e-6);
        Near(Both((pass, i) => pass.Tangent(Of(direction, i))), whole.Tangent(direction), 1e-6);
        whole.AddWeightGradient(direction, "adjoint");
        for (var i = 0; i < parts.Length; i++) parts[i].AddWeightGradient(Of(direction, i), "adjoint");
        foreach (var ((one, other), got) in first.WeightGradients().Zip(second.WeightGradients()).Zip(whole.WeightGradients()))
        {
            if (got is not null) Near((one! + other!).to(ScalarType.Float64), got, 1e-5);
        }
    }

    /// <summary>The published ResNet-20 on patches of colour, which open and close gates as photographs do.</summary>
    [Fact]
    public void MuMis_in_float32_points_where_double_backward_in_float64_does()
    {
        var path = SharedData.Require("reference/resnet20-cifar10.th");
        using var single = ModelFile.Load(path, "resnet20", new(10, 3, 32, 32, Normalisation.ImageNet), _ => { });
        using var twice = ModelFile.Load(path, "resnet20", new(10, 3, 32, 32, Normalisation.ImageNet), _ => { });
        twice.to(ScalarType.Float64);
        single.eval();
        twice.eval();
        manual_seed(6);
        var images = rand(new long[] { 16, 3, 8, 1, 8, 1 }).expand(16, 3, 8, 4, 8, 4).reshape(16, 3, 32, 32);
        var labels = arange(16, dtype: ScalarType.Int64) % 10;
        var other = (labels + 3) % 10;
        using var exact = MuMisLoss.Of(twice, images.to(ScalarType.Float64), labels, other);
        using var network = FrozenNetwork.Of(single, TensorKernels.Native)!;
        using var fast = MuMisLoss.Of(network, images, labels, other, TensorKernels.Native);
        double dot = 0, mine = 0, its = 0;
        foreach (var (expected, got) in exact.Gradients.Zip(fast.Gradients))
        {
            if (got is null) continue;
            using var scope = NewDisposeScope();
            var wide = got.to(ScalarType.Float64);
            dot += (wide * expected!).sum().ToDouble();
            mine += wide.square().sum().ToDouble();
            its += expected!.square().sum().ToDouble();
        }
        Assert.True(dot / Math.Sqrt(mine * its) >= 0.9999, $"cosine {dot / Math.Sqrt(mine * its)}");
    }

    private static StagedClassifier Make(string name, Form? form, int side, ScalarType type)
    {
        var model = ModelZoo.Create(name, new ModelOptions(10, 3, side, side, Normalisation.Default(3)) { Form = form }, seed: 3);
        model.to(type);
        model.eval();
        return model;
    }

    private static void Near(Tensor expected, Tensor actual, double limit)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (error, size) = ((expected - actual.to(ScalarType.Float64)).abs().max().ToDouble(), expected.abs().max().ToDouble());
        Assert.True(error <= limit * size, $"{error} off at a size of {size}");
    }
}
