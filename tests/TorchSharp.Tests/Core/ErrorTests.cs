using System.Runtime.InteropServices;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Core;

/// <summary>A mistake becomes an exception, whatever the official package makes of it: several of these end its process.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

#if PORTABLE_TENSORS
    [Fact]
    public void ShapesThatDoNotFit()
    {
        var error = Assert.Throws<ExternalException>(() => ones(2, 2).matmul(ones(3, 3)));
        Assert.Contains("2x2 and 3x3", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
        Assert.Throws<ExternalException>(() => ones(2) + ones(3));
        Assert.Throws<ExternalException>(() => ones(4).view(3));
        Assert.Throws<ExternalException>(() => F.conv2d(ones(1, 2, 4, 4), ones(1, 3, 3, 3)));
        Assert.Throws<ExternalException>(() => ones(2).sum(dim: 5));
        Assert.Throws<ExternalException>(() => cat([]));
        Assert.Throws<ExternalException>(() => ones(2).chunk(-1));
        Assert.Throws<ExternalException>(() => ones(2).unbind(3));
    }

    [Fact]
    public void TypesThatDoNotFit()
    {
        Assert.Throws<ExternalException>(() => ones(2, 2).mm(ones([2, 2], dtype: float64)));
        Assert.Throws<ExternalException>(() => F.cross_entropy(ones(1, 2), tensor(new[] { 1 })));
        Assert.Throws<ExternalException>(() => arange(3).requires_grad_());
        Assert.Throws<ExternalException>(() => arange(3).mean());
        Assert.Throws<ExternalException>(() => ones(3).grad = ones(4));
        Assert.Throws<ArgumentException>(() => ones(2).data<double>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));
        Assert.Throws<ArgumentException>(() => new Device("gpu"));
    }

    [Fact]
    public void GradientsThatDoNotExist()
    {
        var x = ones([2], requires_grad: true);
        var error = Assert.Throws<ExternalException>(() => autograd.grad([x.sum()], [ones([2], requires_grad: true)]));
        Assert.Contains("not have been used", error.Message);
        Assert.Throws<ExternalException>(() => ones(1).backward());
        Assert.Throws<ExternalException>(() => (x * 2).backward());
        Assert.Throws<ExternalException>(() => x.add_(1));
    }

    [Fact]
    public void DisposedAndMissingTensors()
    {
        var gone = ones(2);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gone + 1);
        Assert.Throws<ObjectDisposedException>(() => gone.shape);
        Assert.Throws<ObjectDisposedException>(() => gone.dtype);
        Assert.Throws<ObjectDisposedException>(() => ones(2) + gone);
        Assert.Throws<ObjectDisposedException>(() => cat([ones(2), gone]));
        Assert.Throws<ObjectDisposedException>(() => F.linear(ones(1, 2), ones(1, 2), gone));
        Assert.Equal("(invalid tensor)", gone.ToString());
        Assert.Throws<ExternalException>(() => ones(2).add((Tensor)null!));
        Assert.Throws<ExternalException>(() => stack([ones(2), null!]));
        var unused = autograd.grad([ones([1], requires_grad: true) * 2], [ones([1], requires_grad: true)], allow_unused: true)[0];
        Assert.IsNotType<ObjectDisposedException>(Assert.ThrowsAny<InvalidOperationException>(() => unused.sum()));
    }

    [Fact]
    public void ElementsBeyondTheEnd()
    {
        var elements = ones(2, 3).data<float>();
        Assert.Throws<ArgumentOutOfRangeException>(() => elements[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => elements[6]);
        Assert.Throws<ArgumentException>(() => elements[0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => elements.CopyTo(new float[1], tensorIndex: 7));
        Assert.Throws<InvalidOperationException>(() => { _ = ones(2, 3).t().bytes; });
    }

    [Fact]
    public void AnErrorLeavesTheLibraryUsable()
    {
        for (int i = 0; i < 1000; i++)
            Assert.Throws<ExternalException>(() => ones(2).dot(ones(3)));
        Assert.Equal(2, ones(2).sum().ToInt32());
    }
#endif

    [Fact]
    public void MoreMemoryThanThereIsIsRefused() => Assert.ThrowsAny<Exception>(() => empty(1L << 45));
}
