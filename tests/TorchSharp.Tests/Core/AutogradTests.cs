using static TorchSharp.Tests.Core.Values;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class AutogradTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void BackwardAddsGradientsToTheLeaves()
    {
        var x = tensor(new double[] { 1, 2, 3 }, requires_grad: true);
        Assert.Null(x.grad);
        (x * x).sum().backward();
        Equal([2, 4, 6], x.grad!);
        (x * 3).sum().backward();
        Equal([5, 7, 9], x.grad!);
        x.grad!.zero_();
        Equal([0, 0, 0], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        Assert.True(x.is_leaf);
        Assert.False((x + 1).is_leaf);
    }

    [Fact]
    public void HigherDerivativesOfACube()
    {
        var x = tensor(new double[] { 1, 2, 3 }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        Equal([3, 12, 27], first, 1e-12);
        var second = autograd.grad([first.sum()], [x], retain_graph: true, create_graph: true)[0];
        Equal([6, 12, 18], second, 1e-12);
        Equal([6, 6, 6], autograd.grad([second.sum()], [x])[0], 1e-12);
    }

    [Fact]
    public void AGraphIsFreedUnlessKept()
    {
        var x = tensor(2.0, requires_grad: true);
        var kept = x.exp() * x;
        kept.backward(retain_graph: true);
        kept.backward();
        Equal(2 * 3 * Math.Exp(2), x.grad!, 1e-12);
#if PORTABLE_TENSORS
        // The package ends the process here.
        Assert.ThrowsAny<Exception>(() => kept.backward());
#endif
    }

    [Fact]
    public void OutputsMayBeWeighed()
    {
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var gradients = autograd.grad([x * x], [x], grad_outputs: [tensor(new double[] { 10, 1 })]);
        Equal([20, 4], gradients[0]);
    }

    [Fact]
    public void AnUnusedInputIsInvalidWhenAllowed()
    {
        var x = tensor(2.0, requires_grad: true);
        var unused = tensor(1.0, requires_grad: true);
        var gradients = autograd.grad([x * x], [x, unused], allow_unused: true);
        Equal(4, gradients[0]);
        Assert.True(gradients[1].IsInvalid);
    }

    [Fact]
    public void ModesSwitchRecordingOffAndNest()
    {
        var x = tensor(2.0, requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        using (inference_mode())
            Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
        using (set_grad_enabled(false))
            Assert.False(is_grad_enabled());
    }

    [Fact]
    public void ADetachedTensorSharesValuesButNoGraph()
    {
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var detached = x.detach();
        Assert.False(detached.requires_grad);
        detached[0] = 9.0;
        Equal([9, 2], x);
    }

    [Fact]
    public void AResultKeepsItsGradientWhenAsked()
    {
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var middle = x * 3;
        middle.retain_grad();
        middle.sum().backward();
        Equal([1, 1], middle.grad!);
    }
}
