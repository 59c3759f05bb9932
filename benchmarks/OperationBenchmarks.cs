using BenchmarkDotNet.Attributes;
using Lacuna.Gpu;
using Lacuna.Runs.Bench;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks;

/// <summary>
/// Every operation of the hot paths by its CPU path and by the tensor library's operators, with BenchmarkDotNet's statistics. Unlike
/// <c>lacuna bench</c> it works on the same buffers again and again: what fits the cache is measured there.
/// </summary>
[InProcess]
public class OperationBenchmarks
{
    private BenchInstance instance = null!;

    public static IEnumerable<string> Names => BenchCases.All.Select(each => each.Name);

    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = "";

    /// <summary>Size of the largest tensor, where the operation has sizes.</summary>
    [Params(1, 16)]
    public int Megabytes { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        instance = BenchCases.All.Single(each => each.Name == Operation).Create((long)Megabytes << 20, CPU, 1);
    }

    [GlobalCleanup]
    public void Dispose() => instance.Dispose();

    [Benchmark(Baseline = true)]
    public void Operators() => Work(TensorKernels.Operators);

    [Benchmark]
    public void CpuPath() => Work(TensorKernels.Native);

    private void Work(TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        instance.Work(kernels);
    }
}
