using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Losses and membership scores of logits by all three ways against the operators in float64.</summary>
public sealed class LogitTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, int> Cases => new(Ways.All, [1, 2, 10, 40, 1100]);

    private static (Tensor Logits, Tensor Labels, Tensor Roles, Tensor Weights) Given(int rows, int classes)
    {
        var logits = (Formula.Values(1, rows, classes) - 0.5) * 12;
        var labels = (Formula.Values(2, rows) * classes).to(int64);
        var roles = arange(rows).remainder(3).to(uint8);
        return (logits, labels, roles, Formula.Values(3, rows) - 0.5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossesAreTheOperatorsInFloat64(string way, int classes)
    {
        var (logits, labels, roles, weights) = Given(7, classes);
        var (exact, exactGradient) = TensorKernels.Operators.LossesOfLogits(logits, labels, roles, weights, tau: 2);
        var (values, gradient) = Ways.Of(way).LossesOfLogits(logits.to(float32), labels, roles, weights.to(float32), tau: 2);
        Assert.Equal(float32, values.dtype);
        Agree.Near(exact, values, 1e-5);
        Agree.Near(exactGradient, gradient, 1e-6);
        Assert.False(gradient.requires_grad);
    }

    /// <summary>The operators' own values by hand: row by row, each in its role.</summary>
    [Fact]
    public void RolesAndWeightsAreTheFormulas()
    {
        var logits = tensor(new double[,] { { 2, 1, 0 }, { 2, 1, 0 }, { 0, 3, 1 } });
        var (values, gradient) = TensorKernels.Operators.LossesOfLogits(logits, Rows(-100, 1, 0), tensor(new byte[] { 0, 1, 2 }), tensor(new double[] { 5, -2, 3 }), tau: 4);
        var sum = Math.Exp(2) + Math.Exp(1) + 1;
        Near([0, -2 * (Math.Log(sum) - 1), 3 * -3], values, 1e-14);
        Near([0, 0, 0, -2 * Math.Exp(2) / sum, -2 * (Math.Exp(1) / sum - 1), -2 / sum, 3, -3, 0], gradient, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MembershipIsTheOperatorsInFloat64(string way, int classes)
    {
        var (logits, labels, _, _) = Given(7, classes);
        var exact = TensorKernels.Operators.ScoreMembership(logits, labels);
        var scores = Ways.Of(way).ScoreMembership(logits.to(float32), labels);
        Agree.Near(exact.Confidence, scores.Confidence, 1e-6);
        Agree.Near(exact.Entropy, scores.Entropy, 1e-5);
        Agree.Near(exact.ModifiedEntropy, scores.ModifiedEntropy, 2e-5);
        Assert.Equal(ScalarType.Bool, scores.Correct.dtype);
        Agree.Near(exact.Correct, scores.Correct, 0);
    }

    /// <summary>NaN, infinities and ties come out of every way as of the operators in float32, in rows that the operators keep apart.</summary>
    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void SpecialRowsAreTheOperators(string way)
    {
        const float nan = float.NaN, inf = float.PositiveInfinity;
        var logits = tensor(new float[,] { { 0, inf, 1 }, { 0, -inf, 1 }, { 0, -inf, 1 }, { nan, nan, 2 }, { -inf, -inf, -inf }, { 200, 0, 0 }, { 200, 0, 0 }, { 1, 1, 1 } });
        var labels = Rows(1, 1, 0, 1, 0, 0, 1, 2);
        foreach (var role in new[] { LogitRole.CrossEntropy, LogitRole.MarginHinge, LogitRole.Ignore })
        {
            if (role == LogitRole.MarginHinge) logits = logits.where(logits.isfinite(), zeros_like(logits));
            var roles = full([8], (int)role, uint8);
            var (expected, slopes) = TensorKernels.Operators.LossesOfLogits(logits, labels, roles, ones(8), tau: 1);
            var (values, gradient) = Ways.Of(way).LossesOfLogits(logits, labels, roles, ones(8), tau: 1);
            Agree.Near(expected, values, 1e-6);
            Agree.Near(slopes, gradient, 1e-6);
            var exact = TensorKernels.Operators.ScoreMembership(logits, labels);
            var scores = Ways.Of(way).ScoreMembership(logits, labels);
            Agree.Near(exact.Confidence, scores.Confidence, 1e-6);
            Agree.Near(exact.Entropy, scores.Entropy, 1e-6);
            Agree.Near(exact.ModifiedEntropy, scores.ModifiedEntropy, 1e-4);
            Agree.Near(exact.Correct, scores.Correct, 0);
        }
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NoRowIsFine(string way)
    {
        var (values, gradient) = Ways.Of(way).LossesOfLogits(zeros([0, 3]), zeros([0], dtype: int64), zeros([0], dtype: uint8), zeros([0]), 1);
        Assert.Equal([0], values.shape);
        Assert.Equal([0, 3], gradient.shape);
        Assert.Equal([0], Ways.Of(way).ScoreMembership(zeros([0, 3]), zeros([0], dtype: int64)).Correct.shape);
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        Tensor z = zeros([2, 3]), y = zeros([2], dtype: int64), r = zeros([2], dtype: uint8), w = zeros([2]);
        Assert.Contains("'logits' is [6]; it must be [samples, classes]", Refused(() => kernels.LossesOfLogits(zeros([6]), y, r, w, 1)));
        Assert.Contains("at least one class", Refused(() => kernels.ScoreMembership(zeros([2, 0]), y)));
        Assert.Contains("'labels' is Float32", Refused(() => kernels.LossesOfLogits(z, w, r, w, 1)));
        Assert.Contains("'labels' is [3]; it must be [2]", Refused(() => kernels.ScoreMembership(z, zeros([3], dtype: int64))));
        Assert.Contains("'roles' is Int64", Refused(() => kernels.LossesOfLogits(z, y, y, w, 1)));
        Assert.Contains("'weights' is Float64", Refused(() => kernels.LossesOfLogits(z, y, r, zeros([2], dtype: float64), 1)));
        Assert.Contains("'logits' [2, 3] is not contiguous", Refused(() => kernels.LossesOfLogits(zeros([3, 2]).t(), y, r, w, 1)));
    }

    [Fact]
    public void ALabelBeyondTheClassesIsRefusedOnTheCpu() =>
        Assert.Contains("Row 1 has the label 3, but there are 3 classes", Refused(() => TensorKernels.Native.LossesOfLogits(zeros([2, 3]), Rows(0, 3), ones([2], dtype: uint8), zeros([2]), 1)));

    private static Tensor Rows(params long[] labels) => tensor(labels);

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
