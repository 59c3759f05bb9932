using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class LinfPgdStepTests
{
    internal const float StepSize = 2 / 255f, Epsilon = 3 / 255f;

    internal static (float[] Images, float[] Gradient, float[] Adversarial) Case(int count, bool specials = false)
    {
        float[] x = [.. Samples.Uniform(count, 1).Select(Math.Abs)], g = Samples.Uniform(count, 2), drift = Samples.Uniform(count, 3);
        float[] adversarial = [.. x.Zip(drift, (value, d) => value + d * 0.02f)];
        return specials ? (Samples.WithSpecials(count, 3), Samples.WithSpecials(count, 4), Samples.WithSpecials(count, 5)) : (x, g, adversarial);
    }

    internal static float[] Cpu((float[] Images, float[] Gradient, float[] Adversarial) c)
    {
        float[] adversarial = [.. c.Adversarial];
        LinfPgdStep.Cpu(c.Images, c.Gradient, adversarial, StepSize, Epsilon);
        return adversarial;
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(7), InlineData(15), InlineData(16), InlineData(17), InlineData(31), InlineData(33), InlineData(257), InlineData(200_003)]
    public void AgreesWithTheFormula(int count)
    {
        var c = Case(count);
        float[] result = Cpu(c);
        for (int i = 0; i < count; i++)
        {
            double x = c.Images[i], moved = c.Adversarial[i] + (double)StepSize * Math.Sign(c.Gradient[i]) - x;
            Near.Equal(Math.Clamp(x + Math.Clamp(moved, -Epsilon, Epsilon), 0, 1), result[i], 4 * Near.Rounding * 1.1);
        }
    }

    /// <summary>A gradient that is not a number moves nothing; images that are not stay so; infinite ones end at the bounds.</summary>
    [Fact]
    public void SpecialValuesComeOutAsOfTheTensorLibrarysOperators()
    {
        float[] x = [0.5f, float.NaN, 0.5f, 0.5f, 0.5f, 0.5f, float.PositiveInfinity, float.NegativeInfinity, 0.5f, 0.5f];
        float[] g = [float.NaN, 1, 1, float.PositiveInfinity, -0f, -float.Epsilon, 1, 1, 1, 1];
        float[] a = [0.5f, 0.5f, float.NaN, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, float.PositiveInfinity, float.NegativeInfinity];
        float[] expected = [0.5f, float.NaN, float.NaN, 0.5f + 0.25f, 0.5f, 0.5f - 0.25f, 1, 0, 1, 0];
        // Once as the tail of a short array, once inside vectors.
        LinfPgdStep.Cpu(x, g, a, 0.25f, 0.5f);
        Assert.Equal(expected, a);
        var c = Case(300, specials: true);
        float[] vectors = Cpu(c);
        for (int i = 0; i < 300; i++)
        {
            float[] one = [c.Adversarial[i]];
            LinfPgdStep.Cpu([c.Images[i]], [c.Gradient[i]], one, StepSize, Epsilon);
            Assert.Equal(one[0], vectors[i]);
        }
        Assert.Contains(vectors, float.IsNaN);
        Assert.Contains(vectors, float.IsFinite);
    }

    [Fact]
    public void OneStepOfLengthEpsilonIsTheFastGradientSignMethod()
    {
        var c = Case(500);
        float[] adversarial = [.. c.Images];
        LinfPgdStep.Cpu(c.Images, c.Gradient, adversarial, 0.25f, 0.25f);
        for (int i = 0; i < 500; i++)
            Near.Equal(Math.Clamp(c.Images[i] + 0.25 * Math.Sign(c.Gradient[i]), 0, 1), adversarial[i], 4 * Near.Rounding);
    }

    [Fact]
    public void WrongLengthsAndOverlapsAreRefused()
    {
        var memory = new float[20];
        Assert.Equal("images", Assert.Throws<ArgumentException>(() => LinfPgdStep.Cpu(new float[9], new float[10], new float[10], 1, 1)).ParamName);
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => LinfPgdStep.Cpu(new float[10], new float[11], new float[10], 1, 1)).ParamName);
        Assert.Equal("adversarial", Assert.Throws<ArgumentException>(() => LinfPgdStep.Cpu(memory.AsSpan(0, 10), new float[10], memory.AsSpan(0, 10), 1, 1)).ParamName);
        Assert.Equal("adversarial", Assert.Throws<ArgumentException>(() => LinfPgdStep.Cpu(new float[10], memory.AsSpan(0, 10), memory.AsSpan(1, 10), 1, 1)).ParamName);
    }
}
