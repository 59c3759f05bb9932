using Lacuna.Gpu;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Frozen;

/// <summary>Input gradients of several seeds, stacked in one batch and one after another, against those of single seeds.</summary>
[Collection(TensorLibrary.Name)]
public sealed class StackedSeedsTests : IDisposable
{
    private const int Classes = 7;
    private static readonly string[] _names = ["first", "second"];
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>The same sums in another batch: some ten roundings of float64.</summary>
    [Theory]
    [MemberData(nameof(FrozenNetworkTests.Networks), MemberType = typeof(FrozenNetworkTests))]
    public void Stacked_seeds_are_single_ones(string name, Form? form, int channels, int side) => Compare(name, form, channels, side, 3, ScalarType.Float64, 1e-12, true);

    /// <summary>In float32 most convolutions back are our own, which the gate that ends them must then not be a part of.</summary>
    [Theory]
    [InlineData("resnet20", null, 3, 16)]
    [InlineData("resnet20", null, 3, 18)]
    [InlineData("mobilenet_v2", Form.Cifar, 3, 8)]
    public void In_float32_too(string name, Form? form, int channels, int side) => Compare(name, form, channels, side, 3, ScalarType.Float32, 1e-5, false, true);

    /// <summary>256 images of 16x16 and the rest: each part of the batch has the seeds' rows of its own.</summary>
    [Fact]
    public void Batches_in_parts_keep_the_rows_of_every_seed() => Compare("resnet20", null, 3, 16, 270, ScalarType.Float32, 1e-5, false, true);

    [Fact]
    public void Every_seed_needs_a_name_or_none_has_one()
    {
        using var model = FrozenNetworkTests.Make("cnn-s", null, 1, 8, ScalarType.Float32);
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var pass = network.Forward(rand(2, 1, 8, 8));
        Assert.Throws<ArgumentException>(() => pass.InputGradients(randn(3, 2, Classes), ["only"]));
    }

    /// <summary>One seed after another, the order of a CPU, to the bit; stacked within rounding.</summary>
    [Fact]
    public void MuMis_is_that_of_single_seeds()
    {
        using var model = FrozenNetworkTests.Make("resnet20", null, 3, 16, ScalarType.Float32);
        var (images, labels, other) = FrozenNetworkTests.Batch(3, 16, ScalarType.Float32);
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var pass = network.Forward(images);
        double Squared(Tensor classes, int sign)
        {
            var gradient = pass.InputGradient(nn.functional.one_hot(classes, Classes).to(ScalarType.Float32), "adjoint");
            pass.AddWeightGradient(gradient * (sign * 2.0 / 3), "adjoint");
            return TensorKernels.Native.SquaredNorms(gradient).mean().ToDouble();
        }
        var (target, irrelevant) = (Squared(labels, 1), Squared(other, -1));
        var expected = pass.WeightGradients();

        using (var ours = MuMisLoss.Of(network, images, labels, other, TensorKernels.Native))
        {
            Assert.Equal((target, irrelevant, target - irrelevant), (ours.TargetSquared, ours.IrrelevantSquared, ours.Loss));
            foreach (var (single, got) in expected.Zip(ours.Gradients)) Assert.True(single is null ? got is null : single.eq(got!).all().ToBoolean());
        }
        network.StacksSeeds = true;
        using var stacked = MuMisLoss.Of(network, images, labels, other, TensorKernels.Native);
        Assert.Equal(target, stacked.TargetSquared, 1e-5 * target);
        Assert.Equal(irrelevant, stacked.IrrelevantSquared, 1e-5 * irrelevant);
        foreach (var (single, got) in expected.Zip(stacked.Gradients)) if (single is not null) Near(single, got!, 1e-4);
    }

    private static void Compare(string name, Form? form, int channels, int side, int count, ScalarType type, double limit, params ReadOnlySpan<bool> ways)
    {
        using var model = FrozenNetworkTests.Make(name, form, channels, side, type);
        manual_seed(9);
        var (images, seeds, directions) = (rand(count, channels, side, side, dtype: type), randn(2, count, Classes, dtype: type), randn(new long[] { 2, count, channels, side, side }, dtype: type));
        using var network = FrozenNetwork.Of(model, TensorKernels.Native)!;
        using var single = network.Forward(images);
        var expected = stack([.. _names.Select((adjoints, s) => single.InputGradient(seeds[s], adjoints))], 0);
        for (var s = 0; s < 2; s++) single.AddWeightGradient(directions[s], _names[s]);
        foreach (var stacks in ways)
        {
            network.StacksSeeds = stacks;
            using var pass = network.Forward(images);
            var gradients = pass.InputGradients(seeds, _names);
            Assert.True(gradients.is_contiguous());
            Near(expected, gradients, limit);
            for (var s = 0; s < 2; s++) pass.AddWeightGradient(directions[s], _names[s]);
            foreach (var (one, got) in single.WeightGradients().Zip(pass.WeightGradients()))
            {
                Assert.Equal(one is null, got is null);
                if (one is not null) Near(one, got!, limit * 10);
            }
        }
    }

    private static void Near(Tensor expected, Tensor actual, double limit)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (error, size) = ((expected - actual).abs().max().ToDouble(), expected.abs().max().ToDouble());
        Assert.True(error <= limit * size, $"{error} off at a size of {size}");
    }
}
