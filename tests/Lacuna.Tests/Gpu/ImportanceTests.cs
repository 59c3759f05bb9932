using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Importance and hold of several tensors at once, by all three ways.</summary>
public sealed class ImportanceTests : IDisposable
{
    private static readonly long[][] shapes = [[3, 2, 5, 7], [0], [1], [33]];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, string> Cases => new(Ways.All, ["float32", "float64", "slice"]);

    private static Tensor[] Given(string kind, int k) => [.. shapes.Select((shape, i) => TensorKernelsTests.Given(kind, k + i, shape))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ImportanceIsAddedInPlace(string way, string kind)
    {
        Tensor[] gradients = [.. Given(kind, 4).Select(g => g - 0.5)];
        foreach (var measure in new[] { ImportanceMeasure.Absolute, ImportanceMeasure.Squared })
        {
            var omegas = Given(kind, 15);
            double[][] before = [.. omegas.Select(Numbers)], g = [.. gradients.Select(Numbers)];
            Ways.Of(way).AccumulateImportance(gradients, omegas, 0.25f, measure);
            for (var t = 0; t < shapes.Length; t++)
                Near([.. before[t].Select((v, i) => v + 0.25 * (measure == ImportanceMeasure.Absolute ? Math.Abs(g[t][i]) : g[t][i] * g[t][i]))], omegas[t], kind == "float64" ? 1e-15 : 1.2e-7);
            Assert.Equal(g, gradients.Select(Numbers));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HoldTurnsImportanceAroundWithinEachTensor(string way, string kind)
    {
        var importance = Given(kind, 4);
        double[][] omega = [.. importance.Select(Numbers)];
        var hold = Ways.Of(way).Hold(importance);
        for (var t = 0; t < shapes.Length; t++)
        {
            Assert.Equal(shapes[t], hold[t].shape);
            var (low, range) = omega[t].Length == 0 ? (0, 0) : (omega[t].Min(), omega[t].Max() - omega[t].Min());
            Near([.. omega[t].Select(o => range > 0 ? 1 - (o - low) / range : 1)], hold[t], kind == "float64" ? 1e-15 : 2.5e-7);
        }
        Assert.Equal(omega, importance.Select(Numbers));
    }

    /// <summary>NaN anywhere, infinities, all equal: what the operators make of them.</summary>
    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void SpecialImportanceIsHeldAsByTheOperators(string way)
    {
        float[][] rows = [[1, float.NaN, 3], [2, float.PositiveInfinity, 5], [2, float.NegativeInfinity, 5], [7, 7, 7], [float.MinValue, 0, float.MaxValue], [-0f, 0, 0]];
        Tensor[] importance = [.. rows.Select(row => tensor(row.Concat(Enumerable.Repeat(row[0], 30)).ToArray()))];
        var expected = TensorKernels.Operators.Hold(importance);
        var hold = Ways.Of(way).Hold(importance);
        for (var t = 0; t < rows.Length; t++) Assert.Equal(expected[t].data<float>().ToArray(), hold[t].data<float>().ToArray());
        Assert.All(hold[0].data<float>().ToArray(), value => Assert.Equal(1, value));
    }

#if PORTABLE_KERNELS
    [Fact]
    public void AllTensorsGoTogether()
    {
        var launcher = new SimulatedLauncher();
        var kernels = new TensorKernels(KernelChoice.Native, launcher);
        kernels.AccumulateImportance(Given("float32", 1), Given("float32", 5), 1, ImportanceMeasure.Squared);
        Assert.Equal(["ImportanceAccumulation.Kernel"], launcher.Launched);
        launcher.Launched.Clear();
        kernels.Hold(Given("float32", 1));
        Assert.Equal(["ImportanceHold.ExtremaKernel", "ImportanceHold.SegmentKernel", "ImportanceHold.MapKernel"], launcher.Launched);
    }
#endif

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void NothingIsFine(string way)
    {
        Ways.Of(way).AccumulateImportance([], [], 1, ImportanceMeasure.Absolute);
        Ways.Of(way).AccumulateImportance([zeros(0)], [zeros(0)], 1, ImportanceMeasure.Absolute);
        Assert.Empty(Ways.Of(way).Hold([]));
        Assert.Equal(0, Ways.Of(way).Hold([zeros(0)])[0].numel());
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        void Accumulate(Tensor[] gradients, Tensor[] omegas) => Ways.Of(way).AccumulateImportance(gradients, omegas, 1, ImportanceMeasure.Absolute);
        Assert.Contains("1 'omegas' for 2 'gradients'", Refused(() => Accumulate([zeros(1), zeros(1)], [zeros(1)])));
        Assert.Contains("'omegas[1]' is [4]; it must be [3]", Refused(() => Accumulate([zeros(1), zeros(3)], [zeros(1), zeros(4)])));
        Assert.Contains("'omegas[0]' is Float64", Refused(() => Accumulate([zeros(1)], [zeros(1, dtype: float64)])));
        Assert.Contains("'gradients[1]' [3, 2] is not contiguous", Refused(() => Accumulate([zeros(1), zeros(2, 3).t()], [zeros(1), zeros(3, 2)])));
        Assert.Contains("'importance[0]' is Int64", Refused(() => Ways.Of(way).Hold([zeros(3, dtype: int64)])));
        var memory = zeros([12]);
        Assert.Contains("'omegas[1]' overlaps 'gradients[0]'", Refused(() => Accumulate([memory.narrow(0, 0, 5), zeros(5)], [zeros(5), memory.narrow(0, 3, 5)])));
        Assert.Contains("'omegas[1]' overlaps 'omegas[0]'", Refused(() => Accumulate([zeros(5), zeros(5)], [memory.narrow(0, 3, 5), memory.narrow(0, 7, 5)])));
        Accumulate([memory.narrow(0, 0, 5), memory.narrow(0, 3, 5)], [zeros(5), zeros(5)]); // what is only read may
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
