using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Norms of one or two gradients on tensors, by all three ways.</summary>
public sealed class SensitivityGapTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static MatrixTheoryData<string, ScalarType> Cases => new(Ways.All, [ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float64]);

    /// <summary>One sample of 9,000 numbers is cut into two slices on a device.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void GapIsTheDifferenceOfTheNorms(string way, ScalarType type)
    {
        foreach (var (samples, elements) in new[] { (3, 70), (1, 9_000), (2, 8_192), (0, 5) })
        {
            var (target, irrelevant) = ((Formula.Values(3, samples, elements) - 0.5).to(type), (Formula.Values(4, samples, elements) - 0.25).to(type));
            double[] Norms(Tensor gradient) => [.. Numbers(gradient).Chunk(elements).Select(row => row.Sum(v => v * v))];
            var (t, r) = (Norms(target), Norms(irrelevant));
            var actual = Ways.Of(way).SensitivityGap(target, irrelevant);
            var tolerance = (type == ScalarType.Float64 ? 1e-13 : 1e-6) * elements;
            Near(t, actual.Target, tolerance);
            Near(r, actual.Irrelevant, tolerance);
            Near([.. t.Zip(r, (a, b) => a - b)], actual.Gap, 2 * tolerance);
            Assert.Equal(type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, actual.Gap.dtype);
            Near(t, Ways.Of(way).SquaredNorms(target), tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Ways.Theory), MemberType = typeof(Ways))]
    public void WhatDoesNotFitIsNamed(string way)
    {
        var kernels = Ways.Of(way);
        Assert.Contains("'irrelevant' is [2, 4]; it must be [2, 3]", Refused(() => kernels.SensitivityGap(zeros([2, 3]), zeros([2, 4]))));
        Assert.Contains("'irrelevant' is BFloat16", Refused(() => kernels.SensitivityGap(zeros([2, 3]), zeros([2, 3], dtype: ScalarType.BFloat16))));
        Assert.Contains("'gradient' is [3]; it must be a batch of gradients", Refused(() => kernels.SquaredNorms(zeros(3))));
    }

    private static string Refused(Action act) => Assert.Throws<ArgumentException>(act).Message;
}
