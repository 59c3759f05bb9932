using System.Globalization;
using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>
/// Measures operations by kernels and by operators, in turns, so that both meet the same disturbances. Inputs rotate through buffers that are
/// together several times the largest cache, so that what is measured is memory and not the cache.
/// </summary>
/// <param name="Compute">The device and its kernels.</param>
/// <param name="Clock">Time.</param>
/// <param name="Timer">Measures work on the device.</param>
/// <param name="CacheBytes">Largest cache of the device.</param>
/// <param name="Samples">Measurements of each, of which the median counts.</param>
public sealed record KernelBench(Compute Compute, TimeProvider Clock, IWorkTimer Timer, long CacheBytes, int Samples)
{
    private const int CachesRotated = 4;
    private const int MostInstances = 256;
    private const double ShortestSampleMs = 4;
    private const int MostRepeats = 200;
    private const double WarmUpMs = 50;

    /// <summary>A bench with the timer and cache that fit the device.</summary>
    public static KernelBench For(Compute compute, TimeProvider clock, int samples) =>
        new(compute, clock, compute.Device.type == DeviceType.CUDA ? new EventTimer(compute.Device) : new ClockTimer(clock), DeviceCache.Bytes(compute.Device), samples);

    /// <summary>The cases in order, each at every size.</summary>
    /// <param name="cases">What to measure.</param>
    /// <param name="sizes">Sizes of the largest tensor in bytes.</param>
    /// <param name="progress">Told what is measured.</param>
    /// <param name="cancellation">Checked between measurements.</param>
    public BenchReport Run(IReadOnlyList<BenchCase> cases, IReadOnlyList<long> sizes, IProgress<RunProgress> progress, CancellationToken cancellation)
    {
        var copy = CopyBandwidth.Measure(Compute.Device, CachesRotated * CacheBytes, Timer, Samples);
        var work = cases.SelectMany(c => (c.HasSizes ? sizes : [0]).Select(size => (Case: c, Size: size))).ToList();
        var rows = new List<BenchRow>();
        foreach (var (operation, size) in work)
        {
            progress.Report(new($"bench {operation.Name}", rows.Count, work.Count, string.Create(CultureInfo.InvariantCulture, $"{size >> 20} MB")));
            rows.Add(Measure(operation, size, copy, cancellation));
        }
        return new(RunEnvironment.Current(Compute, Clock), copy, CacheBytes / (double)(1 << 20), rows);
    }

    private BenchRow Measure(BenchCase operation, long size, double copy, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var instances = new List<BenchInstance> { operation.Create(size, Compute.Device, 0) };
        try
        {
            var error = LargestError(instances[0]);
            var wanted = Math.Clamp(CachesRotated * CacheBytes / Math.Max(1, instances[0].BytesMoved) + 1, 2, MostInstances);
            for (var seed = 1; seed < wanted; seed++) instances.Add(operation.Create(size, Compute.Device, seed));
            var (kernelMs, operatorMs) = InTurns(instances, cancellation);
            var rate = instances[0].BytesMoved / kernelMs / 1e6;
            return new(operation.Name, instances[0].Shape, instances[0].BytesMoved, kernelMs, rate, rate / copy, operatorMs, operatorMs / kernelMs, error);
        }
        finally
        {
            instances.ForEach(instance => instance.Dispose());
        }
    }

    private (double KernelMs, double OperatorMs) InTurns(List<BenchInstance> instances, CancellationToken cancellation)
    {
        var next = 0;
        double Once(TensorKernels kernels, int repeats)
        {
            cancellation.ThrowIfCancellationRequested();
            return Timer.Ms(() =>
            {
                for (var i = 0; i < repeats; i++)
                {
                    using var scope = NewDisposeScope();
                    instances[next++ % instances.Count].Work(kernels);
                }
            }) / repeats;
        }
        // The first calls compile and fetch memory; what one takes after them says how many make a sample long enough for the timer.
        int Repeats(TensorKernels kernels)
        {
            var (spent, last) = (0.0, 0.0);
            do spent += last = Once(kernels, 1);
            while (spent < WarmUpMs);
            return (int)Math.Clamp(ShortestSampleMs / Math.Max(1e-3, last), 1, MostRepeats);
        }
        var (byKernel, byOperators) = (Repeats(Compute.Kernels), Repeats(TensorKernels.Operators));
        List<double> kernelMs = [], operatorMs = [];
        for (var sample = 0; sample < Samples; sample++)
        {
            kernelMs.Add(Once(Compute.Kernels, byKernel));
            operatorMs.Add(Once(TensorKernels.Operators, byOperators));
        }
        return (Median.Of(kernelMs), Median.Of(operatorMs));
    }

    private double LargestError(BenchInstance instance)
    {
        using var scope = NewDisposeScope();
        var actual = instance.Results(Compute.Kernels, ScalarType.Float32);
        var exact = instance.Results(TensorKernels.Operators, ScalarType.Float64);
        return actual.Zip(exact, (a, e) => a.numel() == 0 ? 0 : ((a.to(ScalarType.Float64) - e).abs().max() / e.abs().max().clamp_min(double.Epsilon)).ToDouble()).DefaultIfEmpty().Max();
    }
}
