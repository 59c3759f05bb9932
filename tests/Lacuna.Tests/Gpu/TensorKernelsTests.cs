using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>The kernels' operations on tensors, on the kernels' own path (contiguous float32) and through the library (all else).</summary>
public sealed class TensorKernelsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Kinds => ["float32", "float64", "strided", "slice"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AForgetVectorIsAddedToEachImage(string kind)
    {
        var images = Given(kind, 1, 3, 2, 5, 7);
        var delta = Formula.Values(2, 2, 5, 7).to(images.dtype) - 0.5;
        var (x, d) = (Numbers(images), Numbers(delta));
        var sum = TensorKernels.ApplyForgetVector(images, delta);
        Assert.Equal(images.shape, sum.shape);
        // One rounding of a float32 below 2.
        Near([.. x.Select((v, i) => v + d[i % 70])], sum, kind == "float64" ? 1e-15 : 1.2e-7);
        Assert.Equal(x, Numbers(images));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NormsAreSumsOfSquaresOfEachRow(string kind)
    {
        var gradient = Given(kind, 3, 4, 2, 5, 7);
        var expected = Numbers(gradient).Chunk(70).Select(row => row.Sum(v => v * v)).ToArray();
        // Sums near 25 in float32.
        Near(expected, TensorKernels.SquaredNorms(gradient), kind == "float64" ? 1e-13 : 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ImportanceIsAddedInPlace(string kind)
    {
        var gradient = Given(kind, 4, 3, 2, 5, 7) - 0.5;
        foreach (var measure in new[] { ImportanceMeasure.Absolute, ImportanceMeasure.Squared })
        {
            var omega = Given(kind, 5, 3, 2, 5, 7);
            var (g, before) = (Numbers(gradient), Numbers(omega));
            TensorKernels.AccumulateImportance(gradient, omega, 0.25f, measure);
            Near([.. before.Select((v, i) => v + 0.25 * (measure == ImportanceMeasure.Absolute ? Math.Abs(g[i]) : g[i] * g[i]))], omega, kind == "float64" ? 1e-15 : 1.2e-7);
        }
    }

    [Fact]
    public void NoImageIsFine()
    {
        Assert.Equal([0, 1, 2, 2], TensorKernels.ApplyForgetVector(zeros([0, 1, 2, 2]), zeros([1, 2, 2])).shape);
        Assert.Equal([0], TensorKernels.SquaredNorms(zeros([0, 3])).shape);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        Assert.Contains("[1, 2, 3] does not fit images [4, 1, 3, 2]", Refused(() => TensorKernels.ApplyForgetVector(zeros([4, 1, 3, 2]), zeros([1, 2, 3]))));
        Assert.Contains("Float64", Refused(() => TensorKernels.ApplyForgetVector(zeros([1, 2]), zeros([2], dtype: float64))));
        Assert.Contains("3 elements", Refused(() => TensorKernels.AccumulateImportance(zeros([3]), zeros([4]), 1, ImportanceMeasure.Absolute)));
        Assert.Contains(".to(other)", Refused(() => TensorKernels.AccumulateImportance(zeros([3], dtype: float64), zeros([3]), 1, ImportanceMeasure.Absolute)));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;

    // The same numbers in four kinds of memory.
    private static Tensor Given(string kind, long k, params long[] shape)
    {
        var values = Formula.Values(k, shape);
        return kind switch
        {
            "float64" => values,
            "strided" => values.to(float32).transpose(0, 1).contiguous().transpose(0, 1),
            "slice" => cat([ones(1, 2, 5, 7), values.to(float32)], 0).narrow(0, 1, shape[0]),
            _ => values.to(float32),
        };
    }
}
