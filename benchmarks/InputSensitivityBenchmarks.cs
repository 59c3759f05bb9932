using BenchmarkDotNet.Attributes;
using Lacuna.Kernels;

namespace Lacuna.Benchmarks;

/// <summary>Gradients of CIFAR-sized images; moves the megabytes of the gradients once.</summary>
[InProcess]
public class InputSensitivityBenchmarks
{
    private const int Elements = 3 * 32 * 32;

    private float[] gradient = [], result = [];

    /// <summary>Size of the gradients.</summary>
    [Params(1, 4, 16)]
    public int Megabytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        result = new float[Megabytes * NumberArray.PerMegabyte / Elements];
        gradient = NumberArray.Uniform(result.Length * Elements, 1);
    }

    [Benchmark(Baseline = true)]
    public void PlainLoop()
    {
        for (int n = 0; n < result.Length; n++)
        {
            double sum = 0;
            for (int i = 0; i < Elements; i++)
                sum += (double)gradient[n * Elements + i] * gradient[n * Elements + i];
            result[n] = (float)sum;
        }
    }

    [Benchmark]
    public void CpuPath() => InputSensitivity.Cpu(gradient, result, Elements);
}
