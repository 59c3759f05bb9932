using Lacuna.Gpu;
using Lacuna.Numerics;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Steps of attacks by all three ways, in float32 on memory that begins anywhere, and in float64.</summary>
public sealed class AttackStepTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string> Cases => new(Ways.All, ["float32", "float64", "slice"]);

    /// <summary>The first image ends on the ball's surface, the second one inside.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepInTheL2BallIsTheFormulas(string way, string kind)
    {
        Tensor images = Given(kind, 1, 2, 2, 5, 8), gradient = Given(kind, 2, 2, 2, 5, 8) - 0.5, delta = Given(kind, 3, 2, 2, 5, 8) - 0.5;
        delta[1].mul_(0.01);
        double[] x = Numbers(images), g = Numbers(gradient), d = Numbers(delta);
        Ways.Of(way).StepInL2Ball(images, gradient, delta, stepSize: 0.5, epsilon: 0.75);
        for (var row = 0; row < 160; row += 80)
        {
            var norm = Math.Sqrt(g[row..(row + 80)].Sum(v => v * v));
            for (var i = row; i < row + 80; i++) d[i] = Math.Clamp(x[i] + d[i] - 0.5 * g[i] / norm, 0, 1) - x[i];
            var moved = Math.Sqrt(d[row..(row + 80)].Sum(v => v * v));
            Assert.Equal(row == 0, moved > 0.75);
            for (var i = row; i < row + 80; i++) d[i] *= Math.Min(1, 0.75 / moved);
        }
        // A few roundings of numbers below 1.
        Near(d, delta, kind == "float64" ? 1e-14 : 5e-7);
        Assert.Equal(x, Numbers(images));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepInTheLinfBallIsTheFormulas(string way, string kind)
    {
        Tensor images = Given(kind, 1, 3, 2, 5, 7), gradient = Given(kind, 2, 3, 2, 5, 7) - 0.5, adversarial = Given(kind, 3, 3, 2, 5, 7);
        double[] x = Numbers(images), g = Numbers(gradient), a = Numbers(adversarial);
        Ways.Of(way).StepInLinfBall(images, gradient, adversarial, stepSize: 0.25, epsilon: 0.375);
        Near([.. x.Select((v, i) => Math.Clamp(v + Math.Clamp(a[i] + 0.25 * Math.Sign(g[i]) - v, -0.375, 0.375), 0, 1))], adversarial, kind == "float64" ? 1e-15 : 3e-7);
    }

    /// <summary>Draws are the same to the bit in every way; the images lie in [0,1), so a ball of 100 holds all of them.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void AStartInTheL2BallIsTheFormulas(string way, string kind)
    {
        var images = Given(kind, 1, 3, 2, 5, 7);
        var draws = new DrawSource(77ul << 32 | 5);
        var x = Numbers(images);
        foreach (var epsilon in new[] { 0.5, 100 })
        {
            var start = Ways.Of(way).StartInL2Ball(images, epsilon, draws, firstRow: 6);
            var expected = new double[x.Length];
            for (var row = 0; row < 3; row++)
            {
                var offsets = Enumerable.Range(0, 70).Select(i => draws.Uniform(DrawPurpose.AttackStart, 0, 6 + row, i) - x[row * 70 + i]).ToArray();
                var factor = Math.Min(1, epsilon / Math.Sqrt(offsets.Sum(v => v * v)));
                for (var i = 0; i < 70; i++) expected[row * 70 + i] = Math.Clamp(x[row * 70 + i] + offsets[i] * factor, 0, 1) - x[row * 70 + i];
            }
            Assert.Equal(images.shape, start.shape);
            Near(expected, start, kind == "float64" ? 1e-14 : 5e-7);
        }
    }

    /// <summary>What PyTorch's operators make of NaN and infinity all ways make of them.</summary>
    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void SpecialValuesAreTheOperators(string way)
    {
        const float nan = float.NaN, inf = float.PositiveInfinity;
        var images = tensor(new float[,] { { 0.5f, nan, 0.25f, 1 }, { 0.5f, 0.5f, 0.5f, 0.5f }, { 0.5f, 0.5f, 0.5f, 0.5f }, { 1, 0, 1, 0 } });
        var gradient = tensor(new float[,] { { 1, 2, 3, 4 }, { nan, 1, -1, 0 }, { -inf, inf, 1, 1 }, { 0, -0f, 0, 0 } });
        foreach (var l2 in new[] { true, false })
        {
            Tensor Moved(TensorKernels kernels)
            {
                var moved = tensor(new float[,] { { 0, 0, 0, 0 }, { 0.5f, 0.5f, nan, 0.5f }, { 0, 0, 0, 0 }, { 1, 0, -1, 0.5f } });
                if (l2) kernels.StepInL2Ball(images, gradient, moved, 0.25, 0.5);
                else kernels.StepInLinfBall(images, gradient, moved, 0.25, 0.5);
                return moved;
            }
            Agree.Near(Moved(TensorKernels.Operators), Moved(Ways.Of(way)), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoImageIsFine(string way)
    {
        Assert.Equal([0, 3], Ways.Of(way).StartInL2Ball(zeros([0, 3]), 1, new DrawSource(1), 0).shape);
        Ways.Of(way).StepInL2Ball(zeros([0, 3]), zeros([0, 3]), zeros([0, 3]), 1, 1);
        Ways.Of(way).StepInLinfBall(zeros([0, 3]), zeros([0, 3]), zeros([0, 3]), 1, 1);
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        var x = zeros([2, 3]);
        Assert.Contains("'gradient' is [3, 2]; it must be [2, 3]", Refused(() => kernels.StepInL2Ball(x, zeros([3, 2]), zeros([2, 3]), 1, 1)));
        Assert.Contains("'delta' is Float64", Refused(() => kernels.StepInL2Ball(x, zeros([2, 3]), zeros([2, 3], dtype: float64), 1, 1)));
        Assert.Contains("'delta' overlaps 'images'", Refused(() => kernels.StepInL2Ball(x, zeros([2, 3]), x, 1, 1)));
        Assert.Contains("'adversarial' [2, 3] is not contiguous", Refused(() => kernels.StepInLinfBall(x, zeros([2, 3]), zeros([3, 2]).t(), 1, 1)));
        Assert.Contains("'adversarial' overlaps 'images'", Refused(() => kernels.StepInLinfBall(x, zeros([2, 3]), x, 1, 1)));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;

    // The same numbers in three kinds of memory; a slice does not begin at a multiple of 16 bytes.
    private static Tensor Given(string kind, long k, params long[] shape)
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
