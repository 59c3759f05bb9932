namespace Kernels.Tests;

/// <summary>The pull's value in float64, and what its products' roundings may add up to.</summary>
internal static class PullSum
{
    internal static double Exact(float lambda, float[] weight, float[] start, float[] hold) =>
        lambda / 2.0 * weight.Select((w, i) => hold[i] * ((double)w - start[i]) * ((double)w - start[i])).Sum();

    /// <summary>On the CPU a difference and a product are rounded, the difference counts twice.</summary>
    internal static double Bound(double exact) => 4 * Near.Rounding * exact;
}
