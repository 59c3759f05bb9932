using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class AttackTests : IDisposable
{
    // float32 pixels near 1: one rounding is 6e-8 a pixel, so a norm over 64 pixels may exceed its bound by 1e-6 of it.
    private const double Single = 1e-6;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Classifier _model = Trained();
    private readonly Tensor _images = Formula.Values(8, 5, 1, 8, 8).to(float32);
    private readonly Tensor _labels;

    public AttackTests() => _labels = _model.call(_images).argmax(1);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(4)]
    public void L2StaysInItsBallAndMovesTowardsTheTarget(double epsilon)
    {
        var targets = (_labels + 1).remainder(Classes);
        var attack = new L2Pgd(epsilon, 0.1, 10);
        var delta = attack.RandomStart(_images, new DrawSource(1), 0, TensorKernels.Native);
        AssertInBall(delta, epsilon);
        var before = Loss(_images + delta, targets);

        attack.Run(_model, _images, targets, delta, TensorKernels.Native, TestContext.Current.CancellationToken);

        AssertInBall(delta, epsilon);
        var after = Loss(_images + delta, targets);
        Assert.All(after.Zip(before), pair => Assert.True(pair.First < pair.Second, $"{pair.First} is not below {pair.Second}"));
    }

    [Fact]
    public void LinfStaysInItsBoxAndMovesAwayFromTheLabel()
    {
        const double epsilon = 8.0 / 255;
        var adversarial = new LinfPgd(epsilon, 2.0 / 255, 7).Run(_model, _images, _labels, TensorKernels.Native, TestContext.Current.CancellationToken);
        Assert.All(Numbers(adversarial - _images), d => Assert.InRange(Math.Abs(d), 0, epsilon * (1 + Single)));
        Assert.All(Numbers(adversarial), v => Assert.InRange(v, 0, 1));
        Assert.All(Loss(adversarial, _labels).Zip(Loss(_images, _labels)), pair => Assert.True(pair.First > pair.Second));
    }

    /// <summary>Half of the images alone, and the whole: the same starts, whatever stands beside a row.</summary>
    [Fact]
    public void TheRandomStartOfARowIsItsOwn()
    {
        var attack = new L2Pgd(0.5, 0.1, 1);
        var whole = attack.RandomStart(_images, new DrawSource(1), 10, TensorKernels.Native);
        Near(Numbers(whole.narrow(0, 3, 2)), attack.RandomStart(_images.narrow(0, 3, 2), new DrawSource(1), 13, TensorKernels.Native), 1e-7);
        Assert.NotEqual(Numbers(whole), Numbers(attack.RandomStart(_images, new DrawSource(2), 10, TensorKernels.Native)));
        Assert.NotEqual(Numbers(whole[0] + _images[0]), Numbers(whole[1] + _images[1]));
    }

    /// <summary>A ball that holds the whole cube projects nothing: image plus start is the uniform draw itself.</summary>
    [Fact]
    public void AnUnboundedStartIsUniform()
    {
        var draws = new DrawSource(1);
        var start = new L2Pgd(100, 0.1, 1).RandomStart(_images, draws, 4, TensorKernels.Native);
        var expected = Enumerable.Range(0, 64).Select(i => (double)draws.Uniform(DrawPurpose.AttackStart, 0, 6, i)).ToArray();
        Near(expected, _images[2] + start[2], 1e-6);
    }

    /// <summary>
    /// Logits W x with W = [[1, 0], [0, 2]], x = (0.5, 0.5), target 1: g = W^T (p - e_1) with p = softmax(0.5, 1).
    /// One L2 step goes along -g / ||g||, one L-infinity step from label 1 along sign(g).
    /// </summary>
    [Fact]
    public void OneStepByHand()
    {
        using var model = new LinearClassifier(new double[,] { { 1, 0 }, { 0, 2 } }, 1, 1, 2);
        var images = full([1, 1, 1, 2], 0.5, dtype: float64);
        var p = 1 / (1 + Math.Exp(0.5));
        double[] g = [p, -2 * p];
        var norm = Math.Sqrt(g[0] * g[0] + g[1] * g[1]);
        var target = tensor(new long[] { 1 });

        var delta = zeros_like(images);
        new L2Pgd(1, 0.1, 1).Run(model, images, target, delta, TensorKernels.Native, TestContext.Current.CancellationToken);
        Near([-0.1 * g[0] / norm, -0.1 * g[1] / norm], delta, 1e-14);

        delta = zeros_like(images);
        new L2Pgd(0.03, 0.1, 5).Run(model, images, target, delta, TensorKernels.Native, TestContext.Current.CancellationToken);
        Near([0.03 * -g[0] / norm, 0.03 * -g[1] / norm], delta, 1e-14);
        Assert.Equal(0.03, Math.Sqrt(Numbers(delta).Sum(d => d * d)), 1e-14);

        Near([0.51, 0.49], new LinfPgd(0.1, 0.01, 1).Run(model, images, target, TensorKernels.Native, TestContext.Current.CancellationToken), 1e-14);
        Near([0.525, 0.475], new LinfPgd(0.025, 0.01, 9).Run(model, images, target, TensorKernels.Native, TestContext.Current.CancellationToken), 1e-14);
        Near([1, 0], new LinfPgd(2, 0.3, 9).Run(model, images, target, TensorKernels.Native, TestContext.Current.CancellationToken), 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheModelIsAsItWasAfterwards(bool training)
    {
        _model.train(training);
        _model.TrainableParameters()[0].Value.requires_grad = false;
        var before = Fingerprint(_model);
        var delta = zeros_like(_images);
        new L2Pgd(1, 0.1, 2).Run(_model, _images, _labels, delta, TensorKernels.Native, TestContext.Current.CancellationToken);
        new LinfPgd(0.1, 0.1, 2).Run(_model, _images, _labels, TensorKernels.Native, TestContext.Current.CancellationToken);
        Assert.Equal(before, Fingerprint(_model));
        Assert.All(_model.TrainableParameters(), p => Assert.Null(p.Value.grad));
    }

    [Fact]
    public void AttacksCanBeCancelled()
    {
        var stopped = new CancellationToken(canceled: true);
        var before = Fingerprint(_model);
        Assert.Throws<OperationCanceledException>(() => new L2Pgd(1, 0.1, 2).Run(_model, _images, _labels, zeros_like(_images), TensorKernels.Native, stopped));
        Assert.Throws<OperationCanceledException>(() => new LinfPgd(1, 0.1, 2).Run(_model, _images, _labels, TensorKernels.Native, stopped));
        Assert.Equal(before, Fingerprint(_model));
    }

    private void AssertInBall(Tensor delta, double epsilon)
    {
        Assert.All(Numbers(delta.flatten(1).square().sum(1).sqrt()), norm => Assert.InRange(norm, 0, epsilon * (1 + Single)));
        // x + (clamp(x + d) - x) may miss 0 or 1 by one rounding of a number near 1.
        Assert.All(Numbers(_images + delta), v => Assert.InRange(v, -1e-7, 1 + 1e-7));
    }

    private double[] Loss(Tensor images, Tensor classes) => Numbers(Losses.CrossEntropy(_model.call(images), classes));
}
