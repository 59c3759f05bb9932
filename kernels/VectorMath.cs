using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>Functions of a whole vector of float32 that the base library lacks, for the CPU paths.</summary>
internal static class VectorMath
{
    /// <summary>
    /// exp(x) for x at most 0, within 2 units in the last place also where the result is denormal; NaN passes. Argument reduction
    /// by multiples of ln 2 in two parts and the polynomial of the Cephes library's expf.
    /// </summary>
    internal static Vector<float> ExpOfNegative(Vector<float> x)
    {
        const float tooSmall = -105, roundsToInteger = 1.5f * (1 << 23); // exp(-105) is 0; adding 1.5 * 2^23 leaves no place for a fraction
        x = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(tooSmall)), new Vector<float>(tooSmall), x);
        var magic = new Vector<float>(roundsToInteger);
        Vector<float> shifted = Vector.MultiplyAddEstimate(x, new Vector<float>(1.44269504088896341f), magic);
        Vector<float> power = shifted - magic;
        Vector<float> r = Vector.MultiplyAddEstimate(power, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(power, new Vector<float>(2.12194440e-4f), r);
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.3981999507e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.MultiplyAddEstimate(p, r * r, r) + Vector<float>.One;
        // 2^power in two factors, neither of which is denormal.
        Vector<int> whole = shifted.As<float, int>() - magic.As<float, int>(), half = Vector.ShiftRightArithmetic(whole, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    private static Vector<float> PowerOfTwo(Vector<int> exponent) => Vector.ShiftLeft(exponent + new Vector<int>(127), 23).As<int, float>();

    /// <summary>
    /// log(1 - p) for p in [0, 1/2], with a relative error below 2^-21: -2 artanh(s) with s = p / (2 - p), whose series is cut where its
    /// terms fall below 2^-25. NaN passes.
    /// </summary>
    internal static Vector<float> LogOfOneMinus(Vector<float> p)
    {
        Vector<float> s = p / (new Vector<float>(2) - p), q = s * s;
        var series = new Vector<float>(1f / 13);
        series = Vector.MultiplyAddEstimate(series, q, new Vector<float>(1f / 11));
        series = Vector.MultiplyAddEstimate(series, q, new Vector<float>(1f / 9));
        series = Vector.MultiplyAddEstimate(series, q, new Vector<float>(1f / 7));
        series = Vector.MultiplyAddEstimate(series, q, new Vector<float>(1f / 5));
        series = Vector.MultiplyAddEstimate(series, q, new Vector<float>(1f / 3));
        series = Vector.MultiplyAddEstimate(series, q, Vector<float>.One);
        return new Vector<float>(-2) * s * series;
    }
}
