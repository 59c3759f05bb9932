using Lacuna.Studies.Representation;
using Lacuna.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies.Representation;

/// <summary>CKA and neighbours against NumPy, scikit-learn (make_representation_golden.py) and closed forms.</summary>
public sealed class RepresentationGoldenTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>Fewer features than images and more, so that both products are taken. 1e-9: float64 in two orders of summation.</summary>
    [Theory]
    [InlineData(12, 5, 7, 0.6095178000740312, 0.37027312988477484)]
    [InlineData(30, 3, 2, 0.6890438259613585, 0.675062166278435)]
    [InlineData(8, 40, 3, 0.18724285043288846, -0.3408724680512471)]
    public void CkaIsTheDefinitions(int images, int first, int second, double biased, double unbiased)
    {
        var x = Formula.Values(1, images, first);
        var y = Formula.Values(2, images, second);
        if (images == 30) y += x.sum(dim: 1).unsqueeze(1);
        var cka = LinearCka.Of(x, y);
        Assert.Equal(biased, cka.Biased, 1e-9);
        Assert.Equal(unbiased, cka.Unbiased, 1e-9);
        Assert.Equal(cka, LinearCka.Of(y, x), (a, b) => Math.Abs(a.Biased - b.Biased) + Math.Abs(a.Unbiased - b.Unbiased) < 1e-12);
    }

    [Fact]
    public void RotationScaleAndShiftChangeNothing()
    {
        var x = Formula.Values(1, 20, 4);
        var rotated = stack([x.select(1, 0) * 0.6 - x.select(1, 1) * 0.8, x.select(1, 0) * 0.8 + x.select(1, 1) * 0.6, x.select(1, 3), -x.select(1, 2)], 1);
        var cka = LinearCka.Of(x, rotated * 1e-30 + 5e-30);
        Assert.Equal(1, cka.Biased, 1e-9);
        Assert.Equal(1, cka.Unbiased, 1e-9);
        // A scale for each direction is no rotation.
        Assert.InRange(LinearCka.Of(x, x * tensor(new double[] { 1, 5, 1, 1 })).Biased, 0.5, 0.95);
    }

    /// <summary>
    /// For unrelated Gaussian features of n images, with m = n - 1: E‖YᵀX‖² = mpq and E‖XᵀX‖² = mp(m + p + 1), so biased CKA is near √(pq / ((m + p + 1)(m + q + 1))), here 0.67,
    /// and the unbiased one near 0. Both vary by about 0.02.
    /// </summary>
    [Fact]
    public void UnrelatedNoiseIsWhereTheExpectationSays()
    {
        var random = new Random(1);
        Tensor Noise(int n, int p) => tensor(Enumerable.Range(0, n * p).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())).ToArray()).reshape(n, p);
        var cka = LinearCka.Of(Noise(50, 100), Noise(50, 100));
        Assert.Equal(Math.Sqrt(100.0 * 100 / (150.0 * 150)), cka.Biased, 0.04);
        Assert.Equal(0, cka.Unbiased, 0.1);
    }

    [Fact]
    public void WhatIsTheSameForAllImagesHasNoCka()
    {
        Assert.True(double.IsNaN(LinearCka.Of(Formula.Values(1, 9, 3), ones(9, 2) * 0.1).Biased));
        Assert.Throws<ArgumentException>(() => LinearCka.Of(ones(3, 2), ones(3, 2)));
        Assert.Throws<ArgumentException>(() => LinearCka.Of(ones(5, 2), ones(6, 2)));
    }

    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 0, 1, 1, 0, 2, 2, 0, 1, 0, 0, 1, 0 })]
    [InlineData(4, new[] { 0, 0, 1, 0, 1, 1, 1, 0, 2, 2, 1, 0, 0, 0, 0 })]
    [InlineData(5, new[] { 0, 0, 1, 0, 1, 2, 0, 0, 2, 2, 1, 0, 0, 1, 2 })]
    public void NeighboursAreThoseOfScikitLearn(int neighbours, int[] expected)
    {
        using var nearest = new NearestNeighbours(Formula.Values(3, 40, 6), [.. Enumerable.Range(0, 40).Select(i => i % 3)], neighbours);
        Assert.Equal(expected, nearest.Predict(Formula.Values(4, 15, 6)));
    }

    /// <summary>Features that know nothing of the label: 1,200 queries over 4 classes lie within 5 points of 25 % (four standard errors).</summary>
    [Fact]
    public void ARandomRepresentationIsAtChance()
    {
        var random = new Random(3);
        int[] labels = [.. Enumerable.Range(0, 800).Select(_ => random.Next(4))];
        var features = tensor(Enumerable.Range(0, 2000 * 8).Select(_ => random.NextDouble() - 0.5).ToArray()).reshape(2000, 8);
        using var nearest = new NearestNeighbours(features.narrow(0, 0, 800), labels, 5);
        var right = nearest.Predict(features.narrow(0, 800, 1200)).Count(k => k == random.Next(4));
        Assert.Equal(25, right / 12.0, 5.0);
        // And what it was given it knows, with one neighbour.
        using var own = new NearestNeighbours(features.narrow(0, 0, 800), labels, 1);
        Assert.Equal(labels, own.Predict(features.narrow(0, 0, 800)));
    }
}
