using Lacuna.Kernels;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Losses against hand computations, in float64.</summary>
public sealed class LossesTests : IDisposable
{
    private const double Rounding = 1e-14;

    private static readonly double[,] Logits = { { 2, 1, 0 }, { 0, 3, 1 } };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void MarginIsTheLabelsLeadOverTheBestOther() =>
        Near([1, -3], Losses.Margin(tensor(Logits), Rows(0, 0)), 0);

    [Fact]
    public void HingeStopsAtMinusTauWithItsGradient()
    {
        var logits = tensor(Logits, requires_grad: true);
        var hinge = Losses.MarginHinge(logits, Rows(0, 0), tau: 1);
        Near([1, -1], hinge, 0);
        Near([1, -1, 0, 0, 0, 0], autograd.grad([hinge.sum()], [logits])[0], 0);
    }

    [Fact]
    public void CrossEntropyIsTheNegativeLogarithmOfTheLabelsShare()
    {
        var expected = Math.Log(Math.Exp(2) + Math.Exp(1) + 1) - 1;
        Near([expected, Math.Log(1 + Math.Exp(3) + Math.Exp(1)) - 3], Losses.CrossEntropy(tensor(Logits), Rows(1, 1)), Rounding);
    }

    /// <summary>Four rows, one of them to be forgotten: both terms are divided by four.</summary>
    [Fact]
    public void BothForgetVectorTermsAreDividedByTheWholeBatch()
    {
        var logits = tensor(new double[,] { { 2, 1, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } });
        var terms = ForgetVectorLoss.Of(logits, Rows(0, 0, 1, 2), Mask(true, false, false, false), tau: 1);
        Near([3 * Math.Log(3) / 4], terms.Retain, Rounding);
        Near([0.25], terms.Forget, Rounding);
        Near([2 * 3 * Math.Log(3) / 4 + 5 * 0.25], terms.Weighted(2, 5), Rounding);
    }

    [Fact]
    public void ATermWithoutRowsIsZeroWithZeroGradient()
    {
        var logits = tensor(Logits, requires_grad: true);
        var none = ForgetVectorLoss.Of(logits, Rows(0, 1), Mask(false, false), tau: 1).Forget;
        var all = ForgetVectorLoss.Of(logits, Rows(0, 1), Mask(true, true), tau: 1).Retain;
        Near([0], none, 0);
        Near([0], all, 0);
        Near(new double[6], autograd.grad([none + all], [logits])[0], 0);
    }

    /// <summary>The label's logit is minus infinity, so the row's cross-entropy is infinite; only the forget term sees the row.</summary>
    [Fact]
    public void AnInfiniteCrossEntropyOfAForgetRowStaysOutOfTheRetainTerm()
    {
        var logits = tensor(new double[,] { { double.NegativeInfinity, 1, 0 }, { 0, 0, 0 } }, requires_grad: true);
        var terms = ForgetVectorLoss.Of(logits, Rows(0, 0), Mask(true, false), tau: 1);
        Near([Math.Log(3) / 2], terms.Retain, Rounding);
        Near([-0.5], terms.Forget, 0);
        Near([0, 0, 0, -1.0 / 3, 1.0 / 6, 1.0 / 6], autograd.grad([terms.Weighted(1, 1)], [logits])[0], Rounding);
    }

    [Theory]
    [InlineData(ForgetVectorPenalty.Reference, 5.0 / 8, 3.0 / 40, 4.0 / 40)]
    [InlineData(ForgetVectorPenalty.Squared, 25, 6, 8)]
    public void ThePenaltyOfThreeAndFourOverEightRows(ForgetVectorPenalty kind, double value, double first, double second)
    {
        var delta = tensor(new double[] { 3, 4 }, [1, 1, 2]);
        Near([value], ForgetVectorLoss.Penalty(delta, kind, rows: 8), Rounding);
        Near([first, second], ForgetVectorLoss.PenaltyGradient(delta, kind, rows: 8), Rounding);
    }

    [Theory]
    [InlineData(ForgetVectorPenalty.Reference)]
    [InlineData(ForgetVectorPenalty.Squared)]
    public void ThePenaltysGradientAtZeroIsZero(ForgetVectorPenalty kind) =>
        Near(new double[4], ForgetVectorLoss.PenaltyGradient(zeros([1, 2, 2], dtype: float64), kind, rows: 8), 0);

    /// <summary>Uniform logits over three classes cost ln 3 a row: one forget row against two adversarial ones.</summary>
    [Fact]
    public void InstanceWiseTermsShareOneDivisor()
    {
        var one = zeros([1, 3], dtype: float64);
        var two = tensor(new double[,] { { 0, 0, 0 }, { 1, 0, 0 } });
        var second = Math.Log(Math.E + 2);
        Near([(-Math.Log(3) + Math.Log(3) + second) / 3], InstanceWiseLoss.Of(one, Rows(0), InstanceGoal.Misclassify, two, Rows(1, 2), TensorKernels.Operators).Value, Rounding);
        Near([(Math.Log(3) + Math.Log(3) + second) / 3], InstanceWiseLoss.Of(one, Rows(1), InstanceGoal.Relabel, two, Rows(1, 2), TensorKernels.Operators).Value, Rounding);
        Near([-(Math.Log(3) + second) / 2], InstanceWiseLoss.Of(two, Rows(1, 2), InstanceGoal.Misclassify, null, null, TensorKernels.Operators).Value, Rounding);
    }

    private static Tensor Rows(params long[] labels) => tensor(labels);

    private static Tensor Mask(params bool[] isForget) => tensor(isForget);
}
