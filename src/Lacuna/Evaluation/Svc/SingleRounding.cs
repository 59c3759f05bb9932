using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// Rounds float64 approximations of kernel values to float32 (kept in float64), and tells where the approximation is
/// not good enough to know the rounded value.
/// <para>
/// A float64 significand has 29 bits more than that of float32. Adding half of 2^29 and clearing the low 29 bits of the
/// representation rounds to the nearest float32, also across a power of two. The result is certain unless the value
/// lies within the error of the approximation of a halfway point, that is, unless the low bits after the addition lie
/// within <c>margin</c> of 0 modulo 2^29. Holds for values that are normal in float32; below, the expansion supplies
/// <see cref="Uncertain"/>.
/// </para>
/// </summary>
internal readonly struct SingleRounding
{
    private const long LowBits = (1L << 29) - 1;
    private const long Half = 1L << 28;
    private const double LeastNormal = 1.1754943508222875e-38; // 2^-126

    private readonly long margin;

    /// <param name="relativeError">Bound of the approximation's relative error.</param>
    public SingleRounding(double relativeError)
    {
        // A relative error r is at most r 2^53 units in the last place. Half of 2^29 makes every value uncertain.
        margin = relativeError < 1e-8 ? Math.Min(Half, (long)(relativeError * 9007199254740992.0) + 2) : Half;
    }

    /// <summary>A value that is uncertain under every margin: exactly halfway between two float32 values.</summary>
    public static double Uncertain { get; } = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(1.0) + Half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Round(Vector512<double> value) =>
        Vector512.AndNot(value.AsInt64() + Vector512.Create(Half), Vector512.Create(LowBits)).AsDouble();

    /// <summary>
    /// Rounds values of any size, those that are subnormal or zero in float32 too, and marks the lanes where that is
    /// uncertain. Adding 3/2 2^29 times a value's power of two, and subtracting it again, leaves float32's digits.
    /// </summary>
    /// <param name="value">Not negative.</param>
    /// <param name="relativeError">Bound of the approximation's.</param>
    /// <param name="uncertain">Lanes that lie within the error of a halfway point.</param>
    public static Vector512<double> RoundAny(Vector512<double> value, double relativeError, out Vector512<double> uncertain)
    {
        var power = Vector512.Max((value.AsInt64() & Vector512.Create(0x7FF0000000000000)).AsDouble(), Vector512.Create(LeastNormal));
        var shift = power * Vector512.Create(1.5 * (1L << 29));
        var rounded = value + shift - shift;
        var fromHalfway = Vector512.Abs(Vector512.Abs(value - rounded) - (power * Vector512.Create(1.0 / (1 << 24))));
        uncertain = Vector512.LessThanOrEqual(fromHalfway, value * Vector512.Create(relativeError));
        return rounded;
    }

    /// <summary>Distance of each value from the halfway points, shifted so that it compares with <see cref="AnyUncertain"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<long> Certainty(Vector512<double> value) =>
        (value.AsInt64() + Vector512.Create(Half + margin)) & Vector512.Create(LowBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AnyUncertain(Vector512<long> smallestCertainty) =>
        Vector512.LessThanAny(smallestCertainty, Vector512.Create(2 * margin));
}
