namespace Kernels.Tests;

/// <summary>Comparison with float64 under an error bound; NaN and infinity must agree exactly.</summary>
internal static class Near
{
    /// <summary>Half the distance of float32 numbers near 1: one rounding's relative error.</summary>
    internal const double Rounding = 1.0 / (1 << 24);

    internal static void Equal(double expected, float actual, double bound)
    {
        if (!double.IsFinite(expected) || Math.Abs(expected) > float.MaxValue)
            Assert.Equal((float)expected, actual);
        else
            Assert.True(Math.Abs(actual - expected) <= bound, $"{actual} is {Math.Abs(actual - expected):g3} away from {expected}, more than {bound:g3}.");
    }
}
