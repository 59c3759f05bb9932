using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Gpu;

/// <summary>Comparison of results that may hold NaN and infinity, which must agree exactly.</summary>
internal static class Agree
{
    public static void Near(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double[] e = Numbers(expected), a = Numbers(actual);
        for (var i = 0; i < e.Length; i++)
        {
            if (double.IsFinite(e[i])) Assert.True(Math.Abs(a[i] - e[i]) <= tolerance, $"element {i}: {a[i]:R} instead of {e[i]:R}");
            else Assert.Equal(e[i], a[i]);
        }
    }
}
