using Lacuna.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

public sealed class SelectionKernelsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string, int> Cases => new(Ways.All, ["float32", "float64"], [0, 1, 17, 100, 205]);

    /// <summary>205 numbers over three tensors, among them ties, zeros of both signs, infinity and NaN.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void MarksTheLargestInTheOrderOfAStableSort(string way, string type, int k)
    {
        var flat = (Formula.Values(3, 205) - 0.5).mul(40).round().div(8);
        foreach (var (i, value) in new[] { (3, double.NaN), (90, double.NegativeInfinity), (140, double.NaN), (204, -0.0) }) flat[i] = value;
        flat = flat.to(type == "float64" ? float64 : float32);
        List<Tensor> tensors = [flat.narrow(0, 0, 63).view(7, 9), flat.narrow(0, 63, 1), flat.narrow(0, 64, 0), flat.narrow(0, 64, 141).view(47, 3)];
        var values = flat.to(float64).data<double>().ToArray();
        var order = Enumerable.Range(0, 205).OrderByDescending(i => double.IsNaN(values[i])).ThenByDescending(i => Math.Abs(values[i])).ToArray();
        var expected = new double[205];
        foreach (var i in order[..k]) expected[i] = 1;

        var (masks, threshold) = Ways.Of(way).LargestMagnitudes(tensors, k);

        Assert.Equal(tensors.Select(t => t.shape), masks.Select(m => m.shape));
        Assert.All(masks, mask => Assert.Equal(flat.dtype, mask.dtype));
        Assert.Equal(expected, cat([.. masks.Select(m => m.flatten())], 0).to(float64).data<double>().ToArray());
        Assert.Empty(threshold.shape);
        Assert.Equal(k == 0 ? double.PositiveInfinity : Math.Abs(values[order[k - 1]]), threshold.to(float64).item<double>());
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        Assert.Contains("no tensor", Assert.Throws<ArgumentException>(() => kernels.LargestMagnitudes([], 0)).Message);
        Assert.Contains("'tensors[1]' is Int64", Assert.Throws<ArgumentException>(() => kernels.LargestMagnitudes([zeros([2]), zeros([2], dtype: int64)], 0)).Message);
        Assert.Contains("'tensors[1]' is Float64", Assert.Throws<ArgumentException>(() => kernels.LargestMagnitudes([zeros([2]), zeros([2], dtype: float64)], 0)).Message);
        Assert.Contains("not contiguous", Assert.Throws<ArgumentException>(() => kernels.LargestMagnitudes([zeros([2, 3]).t()], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => kernels.LargestMagnitudes([zeros([2])], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernels.LargestMagnitudes([zeros([2])], -1));
    }
}
