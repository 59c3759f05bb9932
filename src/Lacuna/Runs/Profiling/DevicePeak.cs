using Lacuna.Gpu;
using Lacuna.Runs.Bench;
using static TorchSharp.torch;

namespace Lacuna.Runs.Profiling;

/// <summary>What the device reaches when it does one simple thing.</summary>
/// <param name="MatrixGflops">Best rate of a float32 product of two large square matrices, 1e9 operations a second; a multiply-add is two.</param>
/// <param name="CopyGigabytesPerSecond">Best rate of a plain copy past the caches, read and written bytes together.</param>
public sealed record DevicePeak(double MatrixGflops, double CopyGigabytesPerSecond)
{
    private const int Size = 1024;
    private const int CachesCopied = 4;
    private const int Samples = 5;

    /// <summary>Takes about a second.</summary>
    public static DevicePeak Measure(Compute compute, TimeProvider clock, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var bench = KernelBench.For(compute, clock, Samples);
        var matrix = rand(Size, Size, device: compute.Device);
        var gflops = WorkRate.Gflops(() => matrix.matmul(matrix), 2.0 * Size * Size * Size, compute.Device, clock, cancellation);
        return new(gflops, CopyBandwidth.Measure(compute.Device, CachesCopied * bench.CacheBytes, bench.Timer, Samples));
    }
}
