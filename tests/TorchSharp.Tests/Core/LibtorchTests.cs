#if PORTABLE_TENSORS
using System.Runtime.InteropServices;
using Lacuna.Portable;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public sealed class LibtorchTests
{
    [Theory]
    [InlineData("1.13.0", "1.13.1")]
    [InlineData("2.6.0", "2.6.0+cu126")]
    [InlineData("2.14.1", "2.14.0a0+git1234")]
    public void TheSameReleaseMayBeLoaded(string built, string loaded) => Assert.Null(Loader.Mismatch(built, loaded));

    [Theory]
    [InlineData("1.13.0", "2.6.0")]
    [InlineData("2.1.0", "2.14.0")]
    [InlineData("2.6.0", "unknown")]
    [InlineData("2.6.0", "")]
    public void AnotherReleaseIsRefusedWithAdvice(string built, string loaded)
    {
        string? message = Loader.Mismatch(built, loaded);
        Assert.NotNull(message);
        Assert.Contains(built, message);
        Assert.Contains(loaded, message);
        Assert.Contains("LACUNA_LIBTORCH", message);
    }

    [Fact]
    public void TheLibraryKnowsItself()
    {
        Assert.Null(Loader.Mismatch(Libtorch.BuiltFor, Libtorch.Version));
        Assert.True(File.Exists(Libtorch.Location), Libtorch.Location);
        Assert.Contains("get_num_threads", Libtorch.ParallelInfo);
    }

    [Fact]
    public void PointersCountTheStorageOffset()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, dtype: float32);
        Assert.Equal(2 * sizeof(float), Libtorch.DataPointer(x[2..]) - Libtorch.DataPointer(x));
        Assert.Equal(2f, Marshal.PtrToStructure<float>(Libtorch.DataPointer(x[2..])));
    }

    [Fact]
    public void ChannelsLastKeepsValuesAndTurnsStrides()
    {
        using var scope = NewDisposeScope();
        var x = arange(2 * 3 * 4 * 5, dtype: float32).reshape(2, 3, 4, 5);
        var turned = Libtorch.ToChannelsLast(x);
        Assert.Equal([60L, 1, 15, 3], turned.stride());
        Assert.True(turned.Equals(x));
    }

    [Fact]
    public void WithoutCudaItsStreamIsAnError()
    {
        if (Libtorch.HasCuda)
            Assert.Skip("this machine has CUDA");
        Assert.Contains("CUDA", Assert.Throws<ExternalException>(() => Libtorch.CurrentCudaStream(0)).Message);
        Assert.Equal(0, cuda.device_count());
        Assert.Throws<ExternalException>(() => ones(1).cuda());
    }

    [Fact]
    public void ThreadsCanBeSet()
    {
        int before = get_num_threads();
        Libtorch.SetThreads(1);
        Assert.Equal(1, get_num_threads());
        Libtorch.SetThreads(before);
        Assert.Equal(before, get_num_threads());
    }

    [Fact]
    public void AScalarTakesNoMemoryOfItsOwn()
    {
        using var x = ones(1);
        x.mul_(1f);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            x.mul_(1f);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
#endif
