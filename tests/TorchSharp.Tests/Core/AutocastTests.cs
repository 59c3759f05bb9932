#if PORTABLE_TENSORS
using Lacuna.Portable;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class AutocastTests
{
    // bfloat16 has 8 significant bits: above 1 its next number is 1 + 2^-7, so that 1 + 2^-9 becomes 1 and float32 keeps it.
    private const float Between = 1 + 1f / 512;

    [Fact]
    public void ProductsAreInTheNarrowTypeAndOnlyInside()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (tensor([Between], [1, 1]), tensor([1f], [1, 1]));
        using (new AutocastScope(DeviceType.CPU, ScalarType.BFloat16))
        {
            var narrow = nn.functional.linear(x, w);
            Assert.Equal((ScalarType.BFloat16, 1f), (narrow.dtype, narrow.to(float32).item<float>()));
            var convolved = nn.functional.conv2d(x.view(1, 1, 1, 1), w.view(1, 1, 1, 1));
            Assert.Equal((ScalarType.BFloat16, 1f), (convolved.dtype, convolved.to(float32).item<float>()));
            // Sums are not products.
            Assert.Equal((ScalarType.Float32, Between + 1), ((x + w).dtype, (x + w).item<float>()));
        }
        var wide = nn.functional.linear(x, w);
        Assert.Equal((ScalarType.Float32, Between), (wide.dtype, wide.item<float>()));
    }

    /// <summary>A weight changed in its memory, as optimisers do, where libtorch does not notice.</summary>
    [Fact]
    public void ConvertedWeightsEndWithTheOutermostScope()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (ones(1, 1), ones(1, 1).requires_grad_());
        float Product() => nn.functional.linear(x, w).to(float32).item<float>();
        void Set(float value)
        {
            using var plain = w.detach();
            plain.data<float>()[0] = value;
        }
        using (new AutocastScope(DeviceType.CPU, ScalarType.BFloat16))
        {
            Assert.Equal(1, Product());
            using (new AutocastScope(DeviceType.CPU, ScalarType.BFloat16)) Set(2);
            Assert.Equal(1, Product());
        }
        using (new AutocastScope(DeviceType.CPU, ScalarType.BFloat16)) Assert.Equal(2, Product());
    }

    [Fact]
    public void GradientsHaveTheTypeOfTheWeights()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (tensor([Between], [1, 1]), tensor([3f], [1, 1]).requires_grad_());
        Tensor loss;
        using (new AutocastScope(DeviceType.CPU, ScalarType.BFloat16)) loss = nn.functional.linear(x, w).to(float32).sum();
        var gradient = autograd.grad([loss], [w])[0];
        Assert.Equal((ScalarType.Float32, 1f), (gradient.dtype, gradient.item<float>()));
    }

    [Fact]
    public void OtherThreadsGoOnInFloat32()
    {
        using var scope = new AutocastScope(DeviceType.CPU, ScalarType.BFloat16);
        var elsewhere = ScalarType.Byte;
        var thread = new Thread(() =>
        {
            using var product = nn.functional.linear(ones(1, 1), ones(1, 1));
            elsewhere = product.dtype;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(ScalarType.Float32, elsewhere);
    }

    [Fact]
    public void AScopeEndsOnceAndOnItsThread()
    {
        var scope = new AutocastScope(DeviceType.CPU, ScalarType.BFloat16);
        Exception? refused = null;
        var thread = new Thread(() => refused = Record.Exception(scope.Dispose));
        thread.Start();
        thread.Join();
        Assert.Contains("thread", Assert.IsType<InvalidOperationException>(refused).Message);
        scope.Dispose();
        scope.Dispose();
        using var product = nn.functional.linear(ones(1, 1), ones(1, 1));
        Assert.Equal(ScalarType.Float32, product.dtype);
    }

    [Theory]
    [InlineData(DeviceType.CPU, ScalarType.Float16)]
    [InlineData(DeviceType.CUDA, ScalarType.Float64)]
    public void OtherTypesAreRefused(DeviceType device, ScalarType type) =>
        Assert.Contains("BFloat16", Assert.Throws<ArgumentException>(() => new AutocastScope(device, type)).Message);

    [Fact]
    public void TheSearchForConvolutionsIsSwitched()
    {
        Assert.False(Libtorch.SearchesConvolutions);
        Libtorch.SearchesConvolutions = true;
        Assert.True(Libtorch.SearchesConvolutions);
        Libtorch.SearchesConvolutions = false;
        Assert.False(Libtorch.SearchesConvolutions);
    }
}
#endif
