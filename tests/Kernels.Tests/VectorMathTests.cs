using Lacuna.Kernels;
using System.Numerics;

namespace Kernels.Tests;

public sealed class VectorMathTests
{
    private static float Exp(float x) => VectorMath.ExpOfNegative(new Vector<float>(x))[0];

    [Fact]
    public void ExponentialIsWithinTwoUnitsInTheLastPlace()
    {
        for (uint bits = 0x8000_0000; bits < 0xC2D2_0000; bits += 3571) // -0 to -105
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            double exact = Math.Exp(x);
            double unit = Math.Max(float.Epsilon, MathF.BitIncrement((float)exact) - (double)(float)exact);
            Near.Equal(exact, Exp(x), 2 * unit);
        }
    }

    [Fact]
    public void ExponentialOfTheEndsIsExact() =>
        Assert.Equal([1, 1, 0, 0, 0, float.NaN], new[] { 0f, -0f, -104f, float.MinValue, float.NegativeInfinity, float.NaN }.Select(Exp));

    [Fact]
    public void LogarithmNearOneKeepsItsDigits()
    {
        for (uint bits = 0; bits <= 0x3F00_0000; bits += 3571) // 0 to 1/2
        {
            float p = BitConverter.UInt32BitsToSingle(bits);
            // log(1 - p) in float64 by its series where 1 - p would round.
            double exact = p < 1e-4 ? -p * (1 + p * (0.5 + p / 3.0)) : Math.Log(1.0 - p);
            Near.Equal(exact, VectorMath.LogOfOneMinus(new Vector<float>(p))[0], Math.Abs(exact) * Math.Pow(2, -21) + float.Epsilon);
        }
        Assert.True(float.IsNaN(VectorMath.LogOfOneMinus(new Vector<float>(float.NaN))[0]));
    }
}
