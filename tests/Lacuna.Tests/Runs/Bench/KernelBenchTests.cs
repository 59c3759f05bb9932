using Lacuna.Gpu;
using Lacuna.Runs;
using Lacuna.Runs.Bench;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Runs.Bench;

public sealed class KernelBenchTests
{
    private static readonly BenchCase operation = new Doubling();

    /// <summary>Twice its numbers, and two and a half times when done by kernels.</summary>
    private sealed class Doubling : BenchCase
    {
        public override string Name => "doubling";

        public override BenchInstance Create(long bytes, Device device, int seed)
        {
            var x = Draw([bytes / 4], device, seed);
            return new($"{bytes / 4}", 2 * bytes, [x],
                kernels => Calls[kernels == TensorKernels.Operators ? 1 : 0]++,
                (kernels, type) => [x.to(type) * (kernels == TensorKernels.Operators ? 2 : 2.5)]);
        }

        public static int[] Calls { get; } = [0, 0];
    }

    /// <summary>Every piece of work takes 5 ms, but the kernels' first measured one, which a neighbour disturbs.</summary>
    private sealed class FixedTimer : IWorkTimer
    {
        private int _pieces;

        public double Ms(Action work)
        {
            work();
            return ++_pieces == 30 ? 500 : 5;
        }
    }

    [Fact]
    public void FiguresFollowFromTimesAndBytes()
    {
        var bench = new KernelBench(CPU, TimeProvider.System, new FixedTimer(), CacheBytes: 1 << 20, Samples: 5);
        var report = bench.Run([operation], [1 << 20], new Nobody(), CancellationToken.None);
        // Four caches copied in 5 ms, read and written.
        Assert.Equal(8 * (1 << 20) / 5e6, report.CopyGigabytesPerSecond, 1e-9);
        var row = Assert.Single(report.Rows);
        Assert.Equal(("doubling", "262144", 2L << 20), (row.Operation, row.Shape, row.BytesMoved));
        Assert.Equal(5, row.KernelMs);
        Assert.Equal((2 << 20) / 5e6, row.GigabytesPerSecond, 1e-9);
        Assert.Equal(0.25, row.ShareOfCopy, 1e-9);
        Assert.Equal(1, row.TimesFaster);
        Assert.Equal(0.25, row.LargestError, 1e-6); // computed in float32
        Assert.True(Doubling.Calls[0] >= 5 && Doubling.Calls[1] >= 5);
    }

    [Fact]
    public void EveryFormHasTheSameFigures()
    {
        var row = new BenchRow("sgd", "3 x 4, 2 tensors", 3 << 20, 1.5, 2.097152, 0.8125, 4.5, 3, 5e-8);
        var report = new BenchReport(RunEnvironment.Current(CPU, TimeProvider.System), 2.6, 32, [row]);
        Assert.Equal(["sgd", "3 x 4, 2 tensors", "3.0", "1.500", "2.1", "81 %", "4.500", "3.0", "5e-8"], BenchCells.Of(row));
        Assert.EndsWith("| sgd | 3 x 4, 2 tensors | 3.0 | 1.500 | 2.1 | 81 % | 4.500 | 3.0 | 5e-8 |\n", BenchCells.Markdown(report));
        Assert.EndsWith("\nsgd,\"3 x 4, 2 tensors\",3145728,1.5,2.097152,0.8125,4.5,3,5E-08\n", BenchCells.Csv(report));
    }

    [Fact]
    public void EveryCaseComputesTheSameByKernelsAndOperators()
    {
        using var scope = NewDisposeScope();
        foreach (var each in BenchCases.All)
        {
            using var instance = each.Create(1 << 16, CPU, 1);
            var native = instance.Results(TensorKernels.Native, ScalarType.Float32);
            var exact = instance.Results(TensorKernels.Operators, ScalarType.Float64);
            Assert.NotEmpty(native);
            Assert.Equal(exact.Count, native.Count);
            for (var i = 0; i < native.Count; i++)
            {
                Assert.Equal(exact[i].shape, native[i].shape);
                var error = (native[i].to(ScalarType.Float64) - exact[i]).abs().max().ToDouble() / exact[i].abs().max().ToDouble();
                Assert.True(error < each.Tolerance, $"{each.Name}: result {i} is off by {error} of the largest.");
            }
            instance.Work(TensorKernels.Native);
            instance.Work(TensorKernels.Operators);
        }
    }

    [Fact]
    public void AWordThatFitsNothingIsNamed() =>
        Assert.Contains("'squirrel'", Assert.Throws<ArgumentException>(() => BenchCases.Find(["norms", "squirrel"])).Message);

    private sealed class Nobody : IProgress<RunProgress>
    {
        public void Report(RunProgress value) { }
    }
}
