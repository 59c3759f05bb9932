using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>
/// Compares what kernels compute on a device with their CPU paths, and on the CPU what the CPU paths compute with the operators in float64. Every case says how far
/// rounding may take them apart.
/// </summary>
public static class KernelCheck
{
    private static readonly long[] Sizes = [4_004, 300_004, 9_000_004];

    /// <summary>What the results are compared with, for people.</summary>
    public static string YardstickOn(Device device) => device.type == DeviceType.CPU ? "the operators in float64" : "their CPU paths";

    /// <summary>One finding an operation and size.</summary>
    /// <param name="compute">The device and its kernels.</param>
    /// <param name="cancellation">Checked between operations.</param>
    public static IEnumerable<KernelFinding> Run(Compute compute, CancellationToken cancellation)
    {
        foreach (var operation in BenchCases.All)
        {
            foreach (var size in operation.HasSizes ? Sizes : [0])
            {
                cancellation.ThrowIfCancellationRequested();
                yield return Compare(operation, size, compute);
            }
        }
    }

    private static KernelFinding Compare(BenchCase operation, long size, Compute compute)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var there = operation.Create(size, compute.Device, 1);
        using var here = operation.Create(size, CPU, 1);
        var actual = there.Results(compute.Kernels, ScalarType.Float32);
        var expected = compute.Device.type == DeviceType.CPU ? here.Results(TensorKernels.Operators, ScalarType.Float64) : here.Results(TensorKernels.Native, ScalarType.Float32);
        var worst = 0.0;
        foreach (var (a, e) in actual.Zip(expected))
        {
            if (e.numel() == 0) continue;
            var difference = ((a.cpu().to(ScalarType.Float64) - e.to(ScalarType.Float64)).abs().max() / e.to(ScalarType.Float64).abs().max().clamp_min(double.Epsilon)).ToDouble();
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }
        return new(operation.Name, there.Shape, worst, operation.Tolerance, worst <= operation.Tolerance);
    }
}
