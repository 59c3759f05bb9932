using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

/// <summary>Comparisons with numbers known from elsewhere. "PyTorch" numbers are PyTorch 1.13's in float64, printed with 12 digits.</summary>
internal static class Values
{
    /// <summary>Twelve digits were printed, of values around one.</summary>
    internal const double Printed = 1e-11;

    /// <summary>Rounding of a few float64 operations.</summary>
    internal const double Rounding = 1e-13;

    internal static void Equal(double[] expected, Tensor actual, double tolerance = Printed)
    {
        double[] values = actual.detach().to(float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance, $"element {i}: {values[i]:R} instead of {expected[i]:R}");
    }

    internal static void Equal(double expected, Tensor actual, double tolerance = Printed) => Equal([expected], actual, tolerance);

    /// <summary>sin(0), sin(1), ... in a shape: numbers without symmetries, the same in PyTorch.</summary>
    internal static Tensor Sines(params long[] shape) => arange(0, shape.TotalSize(), dtype: float64).sin().reshape(shape);

    internal static Tensor Cosines(params long[] shape) => arange(0, shape.TotalSize(), dtype: float64).cos().reshape(shape);
}
