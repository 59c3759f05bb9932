using Lacuna.Gpu;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Operations on tensors, by all three ways, in float32 on memory that begins anywhere, and in float64.</summary>
public sealed class TensorKernelsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string> Cases => new(Ways.All, ["float32", "float64", "slice"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void AForgetVectorIsAddedToEachImage(string way, string kind)
    {
        var images = Given(kind, 1, 3, 2, 5, 7);
        var delta = Formula.Values(2, 2, 5, 7).to(images.dtype) - 0.5;
        var (x, d) = (Numbers(images), Numbers(delta));
        var sum = Ways.Of(way).ApplyForgetVector(images, delta);
        Assert.Equal(images.shape, sum.shape);
        // One rounding of a float32 below 2.
        Near([.. x.Select((v, i) => v + d[i % 70])], sum, kind == "float64" ? 1e-15 : 1.2e-7);
        Assert.Equal(x, Numbers(images));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NormsAreSumsOfSquaresOfEachRow(string way, string kind)
    {
        var gradient = Given(kind, 3, 4, 2, 5, 7);
        var expected = Numbers(gradient).Chunk(70).Select(row => row.Sum(v => v * v)).ToArray();
        // Sums near 25 in float32.
        Near(expected, Ways.Of(way).SquaredNorms(gradient), kind == "float64" ? 1e-13 : 1e-5);
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoImageIsFine(string way)
    {
        Assert.Equal([0, 1, 2, 2], Ways.Of(way).ApplyForgetVector(zeros([0, 1, 2, 2]), zeros([1, 2, 2])).shape);
        Assert.Equal([0], Ways.Of(way).SquaredNorms(zeros([0, 3])).shape);
    }

#if PORTABLE_KERNELS
    [Fact]
    public void LaunchesRunTheKernels()
    {
        var launcher = new SimulatedLauncher();
        var kernels = new TensorKernels(KernelChoice.Native, launcher);
        kernels.SquaredNorms(ones([2, 3]));
        Assert.Equal(["InputSensitivity.FloatKernel"], launcher.Launched);
        new TensorKernels(KernelChoice.Operators, launcher).SquaredNorms(ones([2, 3]));
        kernels.SquaredNorms(ones([2, 3], dtype: ScalarType.Float64));
        Assert.Single(launcher.Launched);
    }
#endif

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        Assert.Contains("'delta' is [1, 2, 3]; it must be [1, 3, 2]", Refused(() => kernels.ApplyForgetVector(zeros([4, 1, 3, 2]), zeros([1, 2, 3]))));
        Assert.Contains("'delta' is Float64", Refused(() => kernels.ApplyForgetVector(zeros([1, 2]), zeros([2], dtype: float64))));
        Assert.Contains("'gradient' is Int64", Refused(() => kernels.SquaredNorms(zeros([3, 2], dtype: int64))));
        Assert.Contains("'gradient' [3, 2] is not contiguous", Refused(() => kernels.SquaredNorms(zeros([2, 3]).t())));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;

    // The same numbers in three kinds of memory; a slice does not begin at a multiple of 16 bytes.
    internal static Tensor Given(string kind, long k, params long[] shape)
    {
        var values = Formula.Values(k, shape);
        return kind switch
        {
            "float64" => values,
            "slice" => cat([ones(2), values.to(float32).flatten()], 0).narrow(0, 2, values.numel()).view(shape),
            _ => values.to(float32),
        };
    }
}
