using System.Buffers.Binary;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>The launch against a driver that writes down what it is asked for: no device, but every call, argument and error.</summary>
public sealed class CudaKernelLauncherTests : IDisposable
{
    // (view of float omega, view of float gradient, float scale)
    private const string Kernel = FakeKernels.Scale;

    // 4 multiprocessors hold 3 groups each.
    private const int Resident = 12;

    private readonly FakeCuda _cuda = new();

    public void Dispose() => _cuda.Dispose();

    [Fact]
    public void AKernelRunsInThePrimaryContextOnTheTensorLibrarysStreamAndLeavesTheContextAsItWas()
    {
        using var launcher = _cuda.Launcher();
        _cuda.Context = 0xabc;
        Launch(launcher, LaunchSize.For(5));
        Assert.Equal(0xabc, _cuda.Context);
        Assert.Equal(["retain 0"], _cuda.LogOf("retain"));
        Assert.Contains("in context c0", Assert.Single(_cuda.LogOf("load")));
        Assert.StartsWith("launch Kernel_ScaleKernel grid 5 1 group 256 1 1 shared 0 stream 1234 context c0 parameters ", Assert.Single(_cuda.LogOf("launch")));
    }

    [Fact]
    public async Task AThreadWithoutAContextHasNoneAfterwards()
    {
        using var launcher = _cuda.Launcher();
        var after = -1L;
        var thread = Task.Factory.StartNew(() =>
        {
            Launch(launcher, LaunchSize.For(1));
            after = _cuda.Context;
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await thread;
        Assert.Equal(0, after);
        Assert.Single(_cuda.LogOf("launch"));
    }

    [Fact]
    public void EachDeviceHasItsOwnContextModuleAndStream()
    {
        using var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(1), new Device(DeviceType.CUDA, 1));
        Launch(launcher, LaunchSize.For(1));
        Assert.Equal(["retain 1", "retain 0"], _cuda.LogOf("retain"));
        Assert.Collection(_cuda.LogOf("launch"), first => Assert.Contains("stream 1235 context c1", first), second => Assert.Contains("stream 1234 context c0", second));
        Assert.Equal(2, _cuda.LogOf("load").Length);
    }

    [Fact]
    public void WithoutStreamsTheDefaultOneIsUsed()
    {
        _cuda.Stream = null;
        using var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(1));
        Assert.Contains("stream 0 ", Assert.Single(_cuda.LogOf("launch")));
    }

    [Theory]
    [InlineData(1, 1, false, "1 1")]
    [InlineData(12, 1, false, "12 1")]
    [InlineData(1_000_000_000_000, 1, false, "12 1")]
    [InlineData(1_000, 4, false, "3 4")]
    [InlineData(1_000, 1_000, false, "1 12")]
    [InlineData(1_000, 1, true, "1000 1")]
    [InlineData(2_147_483_647, 65_535, true, "2147483647 65535")]
    public void TheGridIsWhatTheDeviceHoldsAtOnceUnlessItMustBeExact(long x, long y, bool exact, string grid)
    {
        using var launcher = _cuda.Launcher();
        Launch(launcher, new LaunchSize(x, y, exact));
        Assert.Contains($" grid {grid} group ", Assert.Single(_cuda.LogOf("launch")));
        Assert.True(exact || grid.Split(' ').Aggregate(1, (product, n) => product * int.Parse(n)) <= Resident);
    }

    [Theory]
    [InlineData(2_147_483_648, 1, true)]
    [InlineData(1, 65_536, true)]
    [InlineData(-1, 1, false)]
    public void AGridThatCannotBeIsRefused(long x, long y, bool exact)
    {
        using var launcher = _cuda.Launcher();
        Assert.StartsWith($"{Kernel}: a grid of {x} x {y}", Assert.Throws<ArgumentException>(() => Launch(launcher, new LaunchSize(x, y, exact))).Message);
        Assert.Empty(_cuda.LogOf("launch"));
    }

    [Fact]
    public void AKernelThatNoMultiprocessorHoldsIsStillLaunchedSoThatTheDriverSaysWhy()
    {
        _cuda.Set("groups", 0);
        _cuda.Fail("cuLaunchKernel", 701);
        using var launcher = _cuda.Launcher();
        Assert.Contains("1 x 1 groups of 256", Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(9))).Message);
    }

    [Fact]
    public void NothingIsLaunchedForNoGroupButArgumentsAreChecked()
    {
        using var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(0));
        Launch(launcher, LaunchSize.Exactly(4, 0));
        Assert.Empty(_cuda.LogOf("launch"));
        Assert.Throws<ArgumentException>(() => launcher.Launch(Kernel, FakeCuda.Device, LaunchSize.For(0), 1, 2));
    }

    [Fact]
    public void AModuleIsLoadedOnceHoweverManyThreadsLaunch()
    {
        var compiler = new FakeCompiler();
        using var launcher = _cuda.Launcher(compiler);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Launch(launcher, LaunchSize.For(2)));
        launcher.Launch(FakeKernels.Offset, FakeCuda.Device, LaunchSize.For(1), KernelArgument.View(64, 1), KernelArgument.View(128, 1), 1f);
        Assert.Equal([Kernel + " sm_90", FakeKernels.Offset + " sm_90"], compiler.Asked);
        Assert.Equal(2, _cuda.LogOf("load").Length);
        Assert.Equal(65, _cuda.LogOf("launch").Length);
        Assert.Single(_cuda.LogOf("retain"));
    }

    [Fact]
    public void ParametersLieAtTheirNaturalAlignmentInDeclarationOrder()
    {
        using var launcher = _cuda.Launcher();
        // (int small, view of byte bytes, float share, long large, int last, double exact, view of ushort halves)
        launcher.Launch(FakeKernels.Mixed, FakeCuda.Device, LaunchSize.For(1),
            5, KernelArgument.View(0x2001, 1L << 33), -0.5f, 3_000_000_000L, -1, 0.1, KernelArgument.View(0, 0));
        var line = Assert.Single(_cuda.LogOf("launch"));
        Assert.StartsWith("launch Kernel_MixedKernel grid 1 1 group 64 1 1 ", line);
        var block = Convert.FromHexString(line.Split(' ')[^1]);
        Assert.Equal(72, block.Length);
        Assert.Equal((5, -0.5f, -1), (BinaryPrimitives.ReadInt32LittleEndian(block), BinaryPrimitives.ReadSingleLittleEndian(block.AsSpan(24)), BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(40))));
        Assert.Equal([0x2001, 1L << 33, 3_000_000_000, BitConverter.DoubleToInt64Bits(0.1), 0, 0],
            new[] { 8, 16, 32, 48, 56, 64 }.Select(at => BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(at))));
        // What lies between is zero, so that a launch never carries what the stack held.
        Assert.All([4, 5, 6, 7, 28, 29, 30, 31, 44, 45, 46, 47], at => Assert.Equal(0, block[at]));
    }

    [Fact]
    public void EveryErrorOfALaunchNamesTheKernelTheGridAndTheDevice()
    {
        using var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(2));
        // All that cuda.h has are below 1000.
        for (var code = 1; code < 1000; code++)
        {
            _cuda.Fail("cuLaunchKernel", code);
            var error = Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(7)));
            Assert.StartsWith($"Launching {Kernel} with 7 x 1 groups of 256 threads on cuda:0 (Fake 0): cuLaunchKernel failed with ", error.Message);
            Assert.Contains($"({code})", error.Message);
            Assert.Equal((code, "cuLaunchKernel"), (error.ErrorCode, error.Call));
            Assert.Equal(0, _cuda.Context);
        }
        _cuda.Fail("cuLaunchKernel", 0);
        Launch(launcher, LaunchSize.For(7));
        Assert.Equal(2, _cuda.LogOf("launch").Length);
    }

    [Fact]
    public void AnErrorHasTheDriversNameAndWordsAndAdvice()
    {
        using var launcher = _cuda.Launcher();
        _cuda.Fail("cuLaunchKernel", 700);
        var error = Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(7)));
        Assert.Contains("failed with CUDA_ERROR_ILLEGAL_ADDRESS (700), an illegal memory access was encountered. A kernel that ran earlier", error.Message);
        Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", error.Name);
    }

    [Theory]
    [InlineData("cuCtxPushCurrent_v2", "cuCtxPushCurrent")]
    [InlineData("cuCtxPopCurrent_v2", "cuCtxPopCurrent")]
    public void ContextsThatFailAreErrorsOfTheLaunch(string call, string said)
    {
        using var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(1));
        _cuda.Fail(call, 201);
        Assert.StartsWith($"Launching {Kernel} with 1 x 1 groups of 256 threads on cuda:0 (Fake 0): {said} failed with CUDA_ERROR_INVALID_CONTEXT (201)",
            Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(1))).Message);
        _cuda.Fail(call, 0);
    }

    [Theory]
    [InlineData("cuDeviceGet", "Opening cuda:0")]
    [InlineData("cuDeviceGetName", "Opening cuda:0")]
    [InlineData("cuDeviceGetAttribute", "Opening cuda:0")]
    [InlineData("cuDevicePrimaryCtxRetain", "primary context of CUDA device 0")]
    [InlineData("cuModuleLoadDataEx", $"Loading {Kernel} on cuda:0 (Fake 0)")]
    [InlineData("cuModuleGetFunction", $"Loading {Kernel} on cuda:0 (Fake 0)")]
    [InlineData("cuOccupancyMaxActiveBlocksPerMultiprocessor", $"Loading {Kernel} on cuda:0 (Fake 0)")]
    public void WhatFailsBeforeTheLaunchIsAnErrorAndTheNextLaunchTriesAgain(string call, string doing)
    {
        using var launcher = _cuda.Launcher();
        _cuda.Fail(call, 2);
        var error = Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(1)));
        Assert.Contains(doing, error.Message);
        Assert.Contains($"{call} failed with CUDA_ERROR_OUT_OF_MEMORY (2)", error.Message);
        Assert.Equal(0, _cuda.Context);
        _cuda.Fail(call, 0);
        Launch(launcher, LaunchSize.For(1));
        Assert.Single(_cuda.LogOf("launch"));
    }

    [Fact]
    public void TheDriversCompilerIsQuoted()
    {
        _cuda.Fail("cuModuleLoadDataEx", 218);
        using var launcher = _cuda.Launcher();
        var error = Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(1)));
        Assert.Contains(Kernel, error.Message);
        Assert.Contains("CUDA_ERROR_INVALID_PTX", error.Message);
        Assert.EndsWith("\nptxas fatal: the fake compiler refuses line 1: .version 7.0\n.target", error.Message);
    }

    [Fact]
    public void PtxWithoutTheKernelIsSaid()
    {
        using var launcher = _cuda.Launcher(new FakeCompiler { Instead = ".target sm_80\n.visible .entry Other(){ret;}" });
        Assert.Contains($"Loading {Kernel} on cuda:0 (Fake 0): cuModuleGetFunction failed with CUDA_ERROR_NOT_FOUND", Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(1))).Message);
        Assert.Single(_cuda.LogOf("unload"));
    }

    [Fact]
    public void AnUnknownKernelOrDeviceIsSaid()
    {
        using var launcher = _cuda.Launcher();
        Assert.Contains("no kernel 'Nothing.Kernel'", Assert.Throws<ArgumentException>(() => launcher.Launch("Nothing.Kernel", FakeCuda.Device, LaunchSize.For(1))).Message);
        Assert.Contains("Opening cuda:2: cuDeviceGet failed", Assert.Throws<CudaException>(() => Launch(launcher, LaunchSize.For(1), new Device(DeviceType.CUDA, 2))).Message);
        Assert.Contains("not on cpu", Assert.Throws<ArgumentException>(() => Launch(launcher, LaunchSize.For(1), CPU)).Message);
        Assert.False(launcher.Serves(CPU));
        Assert.True(launcher.Serves(FakeCuda.Device));
    }

    [Fact]
    public void DisposingUnloadsInTheContextAndGivesItBack()
    {
        var launcher = _cuda.Launcher();
        Launch(launcher, LaunchSize.For(1));
        launcher.Dispose();
        launcher.Dispose();
        Assert.Equal(["unload module 256 in context c0", "release 0"], _cuda.Log[^2..]);
        Assert.Equal(0, _cuda.Context);
        Assert.Throws<ObjectDisposedException>(() => Launch(launcher, LaunchSize.For(1)));
    }

    [Fact]
    public void ADriverThatCannotStartSaysWhy()
    {
        _cuda.Fail("cuInit", 100);
        Assert.StartsWith("Starting the CUDA driver: cuInit failed with CUDA_ERROR_NO_DEVICE (100). 'nvidia-smi -L'", Assert.Throws<CudaException>(() => _cuda.Driver()).Message);
    }

    [Fact]
    public void TheDriversVersionIsRead()
    {
        using var driver = _cuda.Driver();
        Assert.Equal(new Version(12, 4), driver.Version());
    }

    [Fact]
    public void ALaunchAllocatesNothing()
    {
        using var launcher = _cuda.Launcher();
        var (device, omega, gradient) = (FakeCuda.Device, KernelArgument.View(0x100, 8), KernelArgument.View(0x200, 8));
        for (var i = 0; i < 100; i++) launcher.Launch(Kernel, device, LaunchSize.For(1), omega, gradient, 0.5f);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) launcher.Launch(Kernel, device, LaunchSize.For(1), omega, gradient, 0.5f);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TimeIsTakenBetweenTwoEventsOnTheStream()
    {
        using (var watch = new CudaStopwatch(_cuda.Driver(), 0, _cuda))
        {
            watch.Start();
            Assert.Equal(0.5, watch.Stop());
            Assert.Equal(["record event 200 stream 1234 context c0", "record event 201 stream 1234 context c0"], _cuda.LogOf("record"));
            Assert.Equal(0, _cuda.Context);
        }
        Assert.Equal(2, _cuda.LogOf("destroy").Length);
    }

    private static void Launch(CudaKernelLauncher launcher, LaunchSize size, Device? device = null) =>
        launcher.Launch(Kernel, device ?? FakeCuda.Device, size, KernelArgument.View(0x100, 8), KernelArgument.View(0x200, 8), 0.5f);
}
