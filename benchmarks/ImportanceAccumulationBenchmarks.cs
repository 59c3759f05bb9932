using BenchmarkDotNet.Attributes;
using Lacuna.Kernels;

namespace Lacuna.Benchmarks;

/// <summary>Moves three times the megabytes of the weights.</summary>
[InProcess]
public class ImportanceAccumulationBenchmarks
{
    private float[] omega = [], gradient = [];

    /// <summary>Size of the weights.</summary>
    [Params(1, 4, 16)]
    public int Megabytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        omega = new float[Megabytes * NumberArray.PerMegabyte];
        gradient = NumberArray.Uniform(omega.Length, 1);
    }

    [Benchmark(Baseline = true)]
    public void PlainLoop()
    {
        for (int i = 0; i < omega.Length; i++)
            omega[i] += 1e-3f * Math.Abs(gradient[i]);
    }

    [Benchmark]
    public void CpuPath() => ImportanceAccumulation.Cpu(omega, gradient, 1e-3f, ImportanceMeasure.Absolute);
}
