using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Compositions of forget vectors, their step and their projections on tensors, by all three ways.</summary>
public sealed class ForgetVectorTensorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string> Cases => new(Ways.All, ["float32", "float64", "slice"]);

    // The same numbers in three kinds of memory; a slice does not begin at a multiple of 16 bytes.
    private static Tensor Given(string kind, Tensor values) => kind switch
    {
        "float64" => values,
        "slice" => cat([ones(1), values.to(float32).flatten()], 0).narrow(0, 1, values.numel()).view(values.shape),
        _ => values.to(float32),
    };

    /// <summary>4 x 3 x 2 x 4 images, 3 vectors; what the formula makes of them in float64.</summary>
    private static double[] Expected(Tensor images, Tensor deltas, Tensor weights, double low, double high, Tensor? mean, Tensor? deviation, bool channelsLast)
    {
        var (x, d, w) = (Numbers(images), Numbers(deltas), Numbers(weights));
        var (samples, vectors) = ((int)images.size(0), (int)deltas.size(0));
        var elements = x.Length / samples;
        var plane = channelsLast ? 1 : (int)(images.size(2) * images.size(3));
        return [.. x.Select((value, at) =>
        {
            var (n, i) = (at / elements, at % elements);
            for (var k = 0; k < vectors; k++) value += w[weights.dim() == 2 ? n * vectors + k : k] * d[k * elements + i];
            value = Math.Clamp(value, low, high);
            if (mean is null) return value;
            var channel = i / plane % (int)mean.numel();
            return (value - Numbers(mean)[channel]) / Numbers(deviation!)[channel];
        })];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void VectorsAreAddedClampedAndNormalised(string way, string kind)
    {
        var deltas = Given(kind, Formula.Values(2, 3, 3, 2, 4) - 0.5);
        foreach (var perImage in new[] { false, true })
        {
            foreach (var channelsLast in new[] { false, true })
            {
                var images = Given(kind, Formula.Values(1, 4, 3, 2, 4));
                var weights = Given(kind, perImage ? Formula.Values(3, 4, 3) : Formula.Values(3, 3));
                var channels = channelsLast ? 4 : 3;
                var (mean, deviation) = (Given(kind, Formula.Values(4, channels)), Given(kind, Formula.Values(5, channels) + 0.5));
                var finish = new ImageFinish { Low = 0.125f, High = 0.75f, Mean = mean, Deviation = deviation, ChannelsLast = channelsLast };
                var result = Ways.Of(way).ApplyForgetVectors(images, deltas, weights, finish);
                Assert.Equal(images.shape, result.shape);
                Assert.Equal(deltas.dtype, result.dtype);
                Near(Expected(images, deltas, weights, 0.125, 0.75, mean, deviation, channelsLast), result, kind == "float64" ? 1e-14 : 2e-6);
                Near(Expected(images, deltas, weights, -9, 9, null, null, false), Ways.Of(way).ApplyForgetVectors(images, deltas, weights), kind == "float64" ? 1e-14 : 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PixelsStandForZeroToOne(string way, string kind)
    {
        var pixels = (Formula.Values(1, 4, 3, 2, 4) * 255).round().to(ScalarType.Byte);
        var deltas = Given(kind, Formula.Values(2, 1, 3, 2, 4) - 0.5);
        var weight = Given(kind, ones(1, dtype: float64));
        var expected = Expected(pixels.to(float64) / 255, deltas, weight, 0, 1, null, null, false);
        var finish = new ImageFinish { Low = 0, High = 1 };
        Near(expected, Ways.Of(way).ApplyForgetVectors(pixels, deltas, weight, finish), kind == "float64" ? 1e-15 : 1.2e-7);
        var half = Ways.Of(way).ApplyForgetVectors(pixels, deltas, weight, finish with { ToBFloat16 = true });
        Assert.Equal(ScalarType.BFloat16, half.dtype);
        Near(expected, half, 1.0 / 256 / 2 * 1.01); // half a step of bfloat16 below 1
        Near(Expected(pixels.to(float64) / 255, deltas, weight, -9, 9, null, null, false), Ways.Of(way).ApplyForgetVector(pixels, deltas[0]), kind == "float64" ? 1e-15 : 2.4e-7);
    }

    /// <summary>On float32 the CPU path and the operators round alike where nothing is summed: the results are the same bits.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OneVectorIsTheOperatorsToTheBit(bool bytes)
    {
        var values = Formula.Values(1, 4, 3, 2, 20).to(float32) - 0.25;
        values[0, 0, 0, 0] = float.NaN;
        values[0, 0, 0, 1] = float.PositiveInfinity;
        values[0, 0, 0, 2] = float.NegativeInfinity;
        var images = bytes ? (Formula.Values(1, 4, 3, 2, 20) * 255).to(ScalarType.Byte) : values;
        var deltas = (Formula.Values(2, 1, 3, 2, 20) - 0.5).to(float32);
        var finish = new ImageFinish { Low = 0, High = 1, Mean = Formula.Values(4, 3).to(float32), Deviation = Formula.Values(5, 3).to(float32) + 0.1, ToBFloat16 = false };
        foreach (var each in new[] { finish, finish with { ToBFloat16 = true } })
        {
            var expected = TensorKernels.Operators.ApplyForgetVectors(images, deltas, ones(1), each);
            foreach (var way in Ways.All)
                Assert.Equal(Numbers(expected), Numbers(Ways.Of(way).ApplyForgetVectors(images, deltas, ones(1), each)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepIsThatOfTheOptimiser(string way, string kind)
    {
        foreach (var penalty in Enum.GetValues<ForgetVectorPenalty>())
        {
            foreach (var rows in new[] { 3, 130 })
            {
                var start = Formula.Values(2, 3, 2, 4) - 0.5;
                var step = new ForgetVectorStep(penalty, 0.5f, 0.125f, 0.75f, 0.0625f);
                var delta = Given(kind, start.clone());
                var momentum = zeros_like(delta);
                var parameter = new TorchSharp.Modules.Parameter(start.clone());
                var optimiser = optim.SGD([parameter], 0.125, 0.75, weight_decay: 0.0625);
                for (var turn = 0; turn < 3; turn++)
                {
                    var gradient = Formula.Values(7 + turn, rows, 3, 2, 4) - 0.5;
                    var value = parameter.detach();
                    var ofPenalty = penalty == ForgetVectorPenalty.Squared ? value * 2 : value / (value.square().sum().sqrt() * rows);
                    parameter.grad = gradient.sum(dim: 0) + ofPenalty * 0.5;
                    optimiser.step();
                    Ways.Of(way).StepForgetVector(Given(kind, gradient), delta, momentum, step);
                }
                // Sums of up to 130 numbers below 1 in float32, twice remembered.
                Near(Numbers(parameter.detach()), delta, kind == "float64" ? 1e-12 : 2e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NoVectorHasNoPenaltyOfItsNorm(string way, string kind)
    {
        var (delta, momentum) = (Given(kind, zeros([5], dtype: float64)), Given(kind, zeros([5], dtype: float64)));
        Ways.Of(way).StepForgetVector(Given(kind, ones([2, 5], dtype: float64)), delta, momentum, new(ForgetVectorPenalty.Reference, 1, 0.5f, 0.5f, 1));
        Assert.Equal(Enumerable.Repeat(2.0, 5), Numbers(momentum));
        Assert.Equal(Enumerable.Repeat(-1.0, 5), Numbers(delta));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ProjectionsAreDotProducts(string way, string kind)
    {
        foreach (var rows in new[] { 0, 3, 130 })
        {
            var gradient = Given(kind, Formula.Values(1, rows, 3, 2, 4) - 0.5);
            var deltas = Given(kind, Formula.Values(2, 5, 3, 2, 4) - 0.5);
            var expected = gradient.to(float64).flatten(1).matmul(deltas.to(float64).flatten(1).t());
            var products = Ways.Of(way).ForgetVectorProjections(gradient, deltas);
            Assert.Equal([rows, 5], products.shape);
            Near(Numbers(expected), products, kind == "float64" ? 1e-14 : 2e-6);
            var total = Ways.Of(way).TotalForgetVectorProjections(gradient, deltas);
            Assert.Equal([5], total.shape);
            Near(Numbers(expected.sum(dim: 0)), total, kind == "float64" ? 1e-12 : 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoImageIsFine(string way)
    {
        var kernels = Ways.Of(way);
        Assert.Equal([0, 3, 2, 2], kernels.ApplyForgetVectors(zeros([0, 3, 2, 2]), zeros([2, 3, 2, 2]), zeros([0, 2]), new() { Mean = zeros(3), Deviation = ones(3) }).shape);
        var (delta, momentum) = (ones([4]), zeros([4]));
        kernels.StepForgetVector(zeros([0, 4]), delta, momentum, new(ForgetVectorPenalty.Squared, 0, 0.5f, 0, 1));
        Assert.Equal(Enumerable.Repeat(0.5, 4), Numbers(delta));
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        string Applied(Tensor images, Tensor deltas, Tensor weights, ImageFinish? finish = null) => Refused(() => kernels.ApplyForgetVectors(images, deltas, weights, finish));
        var (images, deltas, weights) = (zeros([2, 3, 2, 2]), zeros([4, 3, 2, 2]), zeros(4));
        Assert.Contains("'images' is Int64; it must be Byte or Float32 or Float64", Applied(images.to(int64), deltas, weights));
        Assert.Contains("'deltas' is [4, 3, 2, 1]; it must be [4, 3, 2, 2]", Applied(images, zeros([4, 3, 2, 1]), weights));
        Assert.Contains("[65, 3, 2, 2] must hold 1 to 64", Applied(images, zeros([65, 3, 2, 2]), zeros(65)));
        Assert.Contains("'weights' is [3]; it must be [4]", Applied(images, deltas, zeros(3)));
        Assert.Contains("'weights' is [3, 4]; it must be [2, 4]", Applied(images, deltas, zeros([3, 4])));
        Assert.Contains("'weights' is Float64", Applied(images, deltas, zeros(4, dtype: float64)));
        Assert.Contains("one of them is missing", Applied(images, deltas, weights, new() { Mean = zeros(3) }));
        Assert.Contains("'deviation' is [2]; it must be [3]", Applied(images, deltas, weights, new() { Mean = zeros(3), Deviation = zeros(2) }));
        Assert.Contains("normalisation needs [N, C, H, W]", Applied(zeros([2, 3]), zeros([4, 3]), weights, new() { Mean = zeros(3), Deviation = zeros(3) }));
        Assert.Contains("NaN", Applied(images, deltas, weights, new() { Low = float.NaN }));
        var step = new ForgetVectorStep(ForgetVectorPenalty.Reference, 1, 1, 1, 1);
        Assert.Contains("'momentum' is [3]; it must be [4]", Refused(() => kernels.StepForgetVector(zeros([2, 4]), zeros(4), zeros(3), step)));
        var memory = zeros(6);
        Assert.Contains("'momentum' overlaps 'delta'", Refused(() => kernels.StepForgetVector(zeros([2, 4]), memory.narrow(0, 0, 4), memory.narrow(0, 2, 4), step)));
        Assert.Contains("'delta' overlaps 'inputGradient'", Refused(() => kernels.StepForgetVector(memory.narrow(0, 0, 4).view(2, 2), memory.narrow(0, 2, 2), zeros(2), step)));
        Assert.Contains("'deltas' is [2, 5]; it must be [2, 4]", Refused(() => kernels.ForgetVectorProjections(zeros([2, 4]), zeros([2, 5]))));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
