using BenchmarkDotNet.Attributes;
using Lacuna.Kernels;

namespace Lacuna.Benchmarks;

/// <summary>CIFAR-sized images; moves twice the megabytes of one batch.</summary>
[InProcess]
public class ForgetVectorApplicationBenchmarks
{
    private const int Elements = 3 * 32 * 32;

    private float[] x = [], delta = [], weights = [], y = [];
    private ForgetVectorShape shape;

    /// <summary>Size of the batch.</summary>
    [Params(1, 4, 16)]
    public int Megabytes { get; set; }

    [Params(1, 8)]
    public int Vectors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int samples = Megabytes * NumberArray.PerMegabyte / Elements;
        shape = new(samples, Elements, Vectors, WeightsPerSample: true);
        x = NumberArray.Uniform(samples * Elements, 1);
        delta = NumberArray.Uniform(Vectors * Elements, 2);
        weights = NumberArray.Uniform(samples * Vectors, 3);
        y = new float[x.Length];
    }

    [Benchmark(Baseline = true)]
    public void PlainLoop()
    {
        float[] images = x, vectors = delta, results = y;
        for (int n = 0; n < shape.Samples; n++)
            for (int i = 0; i < Elements; i++)
            {
                float shift = 0;
                for (int k = 0; k < Vectors; k++)
                    shift += weights[n * Vectors + k] * vectors[k * Elements + i];
                results[n * Elements + i] = Math.Min(Math.Max(images[n * Elements + i] + shift, 0), 1);
            }
    }

    [Benchmark]
    public void CpuPath() => ForgetVectorApplication.Cpu(x, delta, weights, y, shape, 0, 1);
}
