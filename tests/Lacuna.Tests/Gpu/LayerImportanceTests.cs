using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Per-sample importance of layers by all three ways, against what autograd finds for one sample after the other in float64.</summary>
public sealed class LayerImportanceTests : IDisposable
{
    private const float Scale = 0.25f;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string, ImportanceMeasure> Cases => new(Ways.All, ["float32", "float64", "slice"], [ImportanceMeasure.Absolute, ImportanceMeasure.Squared]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void AConvolutionsWeightsGetEachSamplesOwnGradient(string way, string kind, ImportanceMeasure measure)
    {
        var shape = new ConvolutionShape(3, 4, 6, 5, 6, 3, 2, 2, 1, 1, 0, 1, 2, 2);
        var (input, gradient) = (Given(kind, 1, 3, 4, 6, 5), Given(kind, 2, 3, 6, 3, 3));
        var (omega, bias) = (Given(kind, 3, 6, 2, 3, 2), Given(kind, 4, 6));
        var (weights, shifts) = (zeros(6, 2, 3, 2, dtype: float64).requires_grad_(), zeros(6, dtype: float64).requires_grad_());
        var output = nn.functional.conv2d(input.to(float64), weights, shifts, [2, 1], [1, 0], [1, 2], 2);
        var (expected, expectedBias) = (Exact(output, gradient, weights, omega, measure), Exact(output, gradient, shifts, bias, measure));
        Ways.Of(way).AccumulateConvolutionImportance(input, gradient, omega, shape, Scale, measure);
        Ways.Of(way).AccumulateBiasImportance(gradient, bias, Scale, measure);
        Near(expected, omega, Tolerance(kind));
        Near(expectedBias, bias, Tolerance(kind));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ALinearLayersWeightsGetEachSamplesOwnGradient(string way, string kind, ImportanceMeasure measure)
    {
        var (input, gradient) = (Given(kind, 1, 5, 19), Given(kind, 2, 5, 6));
        var (omega, bias) = (Given(kind, 3, 6, 19), Given(kind, 4, 6));
        var (weights, shifts) = (zeros(6, 19, dtype: float64).requires_grad_(), zeros(6, dtype: float64).requires_grad_());
        var output = nn.functional.linear(input.to(float64), weights, shifts);
        var (expected, expectedBias) = (Exact(output, gradient, weights, omega, measure), Exact(output, gradient, shifts, bias, measure));
        Ways.Of(way).AccumulateLinearImportance(input, gradient, omega, Scale, measure);
        Ways.Of(way).AccumulateBiasImportance(gradient, bias, Scale, measure);
        Near(expected, omega, Tolerance(kind));
        Near(expectedBias, bias, Tolerance(kind));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ABatchNormsScaleAndShiftGetEachSamplesOwnGradient(string way, string kind, ImportanceMeasure measure)
    {
        var (input, gradient, mean, variance) = (Given(kind, 1, 3, 5, 4, 3), Given(kind, 2, 3, 5, 4, 3), Given(kind, 5, 5), Given(kind, 6, 5).square());
        var (omega, bias) = (Given(kind, 3, 5), Given(kind, 4, 5));
        var (scale, shift) = (ones(5, dtype: float64).requires_grad_(), zeros(5, dtype: float64).requires_grad_());
        var output = nn.functional.batch_norm(input.to(float64), mean.to(float64), variance.to(float64), scale, shift, false, 0.1, 1e-2);
        var (expected, expectedBias) = (Exact(output, gradient, scale, omega, measure), Exact(output, gradient, shift, bias, measure));
        Ways.Of(way).AccumulateAffineImportance(input, gradient, mean, variance, 1e-2, omega, bias, Scale, measure);
        Near(expected, omega, 4 * Tolerance(kind)); // divided by deviations from 0.1 on
        Near(expectedBias, bias, Tolerance(kind));
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoSampleChangesNothing(string way)
    {
        var kernels = Ways.Of(way);
        Tensor weights = ones([2, 3, 1, 1]), matrix = ones([2, 3]), scale = ones([3]), shift = ones([3]);
        kernels.AccumulateConvolutionImportance(zeros([0, 3, 4, 4]), zeros([0, 2, 4, 4]), weights, new(0, 3, 4, 4, 2, 1, 1), 1, ImportanceMeasure.Absolute);
        kernels.AccumulateLinearImportance(zeros([0, 3]), zeros([0, 2]), matrix, 1, ImportanceMeasure.Absolute);
        kernels.AccumulateAffineImportance(zeros([0, 3, 4]), zeros([0, 3, 4]), zeros([3]), ones([3]), 0, scale, shift, 1, ImportanceMeasure.Absolute);
        kernels.AccumulateBiasImportance(zeros([0, 3, 4]), shift, 1, ImportanceMeasure.Absolute);
        Assert.All((Tensor[])[weights, matrix, scale, shift], omega => Assert.All(Numbers(omega), v => Assert.Equal(1, v)));
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        var shape = new ConvolutionShape(2, 3, 4, 4, 2, 3, 3);
        string Convolution(Tensor x, Tensor d, Tensor omega) => Refused(() => kernels.AccumulateConvolutionImportance(x, d, omega, shape, 1, ImportanceMeasure.Absolute));
        Assert.Contains("'input' is [2, 3, 4, 5]; it must be [2, 3, 4, 4]", Convolution(zeros([2, 3, 4, 5]), zeros([2, 2, 2, 2]), zeros([2, 3, 3, 3])));
        Assert.Contains("'gradient' is [2, 2, 2, 3]", Convolution(zeros([2, 3, 4, 4]), zeros([2, 2, 2, 3]), zeros([2, 3, 3, 3])));
        Assert.Contains("'omega' is [2, 3, 3, 2]", Convolution(zeros([2, 3, 4, 4]), zeros([2, 2, 2, 2]), zeros([2, 3, 3, 2])));
        Assert.Contains("'gradient' is Float64", Convolution(zeros([2, 3, 4, 4]), zeros([2, 2, 2, 2], dtype: float64), zeros([2, 3, 3, 3])));
        Assert.Contains("'input' [2, 3, 4, 4] has gaps in memory", Convolution(zeros([2, 3, 4, 4]).transpose(2, 3), zeros([2, 2, 2, 2]), zeros([2, 3, 3, 3])));
        Assert.Contains("it must be a matrix", Refused(() => kernels.AccumulateLinearImportance(zeros([2, 3, 4]), zeros([2, 2]), zeros([2, 3]), 1, ImportanceMeasure.Absolute)));
        Assert.Contains("'omega' is [3, 2]; it must be [2, 3]", Refused(() => kernels.AccumulateLinearImportance(zeros([4, 3]), zeros([4, 2]), zeros([3, 2]), 1, ImportanceMeasure.Absolute)));
        Assert.Contains("at least samples and channels", Refused(() => kernels.AccumulateBiasImportance(zeros([3]), zeros([3]), 1, ImportanceMeasure.Absolute)));
        Assert.Contains("'mean' is [1]; it must be [3]", Refused(
            () => kernels.AccumulateAffineImportance(zeros([2, 3]), zeros([2, 3]), zeros([1]), ones([3]), 0, zeros([3]), zeros([3]), 1, ImportanceMeasure.Absolute)));
        var memory = zeros([8]);
        Assert.Contains("overlaps", Refused(() => kernels.AccumulateBiasImportance(memory.narrow(0, 0, 6).view(2, 3), memory.narrow(0, 5, 3), 1, ImportanceMeasure.Absolute)));
        Assert.Contains("'scale' overlaps 'shift'", Refused(() => kernels.AccumulateAffineImportance(
            zeros([2, 3]), zeros([2, 3]), zeros([3]), ones([3]), 0, memory.narrow(0, 0, 3), memory.narrow(0, 2, 3), 1, ImportanceMeasure.Absolute)));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;

    // One backward pass a sample through a layer that knows nothing of kernels.
    private static double[] Exact(Tensor output, Tensor gradient, Tensor parameter, Tensor omega, ImportanceMeasure measure)
    {
        var total = omega.to(float64).clone();
        for (var n = 0; n < output.size(0); n++)
        {
            var g = autograd.grad([output[n]], [parameter], [gradient.to(float64)[n]], retain_graph: true)[0];
            total += Scale * (measure == ImportanceMeasure.Absolute ? g.abs() : g.square());
        }
        return Numbers(total);
    }

    // Results below 30 from sums of dozens of float32 products.
    private static double Tolerance(string kind) => kind == "float64" ? 1e-12 : 1e-5;

    // The same numbers, in [-0.5, 0.5), in three kinds of memory; a slice does not begin at a multiple of 16 bytes.
    private static Tensor Given(string kind, long k, params long[] shape)
    {
        var values = Formula.Values(k, shape) - 0.5;
        return kind switch
        {
            "float64" => values,
            "slice" => cat([ones(2), values.to(float32).flatten()], 0).narrow(0, 2, values.numel()).view(shape),
            _ => values.to(float32),
        };
    }
}
