using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ForgetVectorApplicationTests
{
    public static TheoryData<int, int, int, bool> Shapes => ForgetVectorCase.Shapes;

    private static void AgreesWithFloat64(ForgetVectorCase c)
    {
        float[] y = c.Cpu();
        for (int n = 0; n < c.Shape.Samples; n++)
            for (int i = 0; i < c.Shape.Elements; i++)
            {
                (double value, double bound) = c.Exact(n, i);
                Near.Equal(value, y[n * c.Shape.Elements + i], bound);
            }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheFormula(int samples, int elements, int vectors, bool perSample) =>
        AgreesWithFloat64(new(samples, elements, vectors, perSample));

    [Theory, MemberData(nameof(Shapes))]
    public void ClampKeepsResultsInRange(int samples, int elements, int vectors, bool perSample)
    {
        var c = new ForgetVectorCase(samples, elements, vectors, perSample, low: 0, high: 1);
        AgreesWithFloat64(c);
        Assert.All(c.Cpu(), value => Assert.InRange(value, 0, 1));
    }

    /// <summary>Against the same operations in a plain loop: what is NaN, infinite or denormal there must be so here.</summary>
    [Theory]
    [InlineData(1, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(3, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(3, 0f, 1f)]
    public void SpecialValuesComeOutAsOfPlainArithmetic(int vectors, float low, float high)
    {
        foreach (bool perSample in new[] { false, true })
        {
            var c = new ForgetVectorCase(4, 200, vectors, perSample, specials: true, low, high);
            var expected = new float[c.X.Length];
            for (int n = 0; n < 4; n++)
                for (int i = 0; i < 200; i++)
                {
                    long w = n * c.Shape.WeightStride;
                    float shift = c.Weights[w] * c.Delta[i];
                    for (int k = 1; k < vectors; k++)
                        shift += c.Weights[w + k] * c.Delta[k * 200 + i];
                    float value = c.X[n * 200 + i] + shift;
                    expected[n * 200 + i] = float.IsNaN(value) ? value : Math.Clamp(value, low, high);
                }
            Assert.Contains(expected, float.IsNaN);
            Assert.Contains(expected, float.IsFinite);
            Assert.Equal(expected, c.Cpu());
        }
    }

    [Fact]
    public void OneVectorOfWeightOneIsPlainAddition()
    {
        float[] x = Samples.WithSpecials(3 * 500, 4), delta = Samples.WithSpecials(500, 5), y = new float[1500];
        ForgetVectorApplication.Cpu(x, delta, [1], y, new(3, 500));
        Assert.Equal(x.Select((value, i) => value + delta[i % 500]), y);
    }

    [Theory]
    [InlineData(40, 3072)]
    [InlineData(2, 200_000)]
    public void ManyBlocksGiveWhatOneDoes(int samples, int elements)
    {
        var c = new ForgetVectorCase(samples, elements, 2, perSample: true);
        float[] y = c.Cpu();
        for (int n = 0; n < samples; n++)
        {
            var row = new float[elements];
            for (int i = 0; i < elements; i++)
                row[i] = c.X[n * elements + i] + (c.Weights[2 * n] * c.Delta[i] + c.Weights[2 * n + 1] * c.Delta[elements + i]);
            Assert.Equal(row, y.AsSpan(n * elements, elements).ToArray());
        }
    }

    [Fact]
    public void ResultMayReplaceTheImages()
    {
        var c = new ForgetVectorCase(5, 333, 3, perSample: false, low: 0, high: 1);
        float[] inPlace = [.. c.X];
        ForgetVectorApplication.Cpu(inPlace, c.Delta, c.Weights, inPlace, c.Shape, 0, 1);
        Assert.Equal(c.Cpu(), inPlace);
    }

    [Fact]
    public void WrongLengthsAndOverlapsAreRefused()
    {
        float[] memory = new float[100];
        ArgumentException Refused(Action call) => Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal("x", Refused(() => ForgetVectorApplication.Cpu(new float[9], new float[5], [1], new float[10], new(2, 5))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[5], [1], new float[11], new(2, 5))).ParamName);
        Assert.Equal("delta", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[5], [1, 1], new float[10], new(2, 5, 2))).ParamName);
        Assert.Equal("weights", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[10], [1, 1], new float[10], new(2, 5, 2, true))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(memory.AsSpan(0, 10), new float[5], [1], memory.AsSpan(1, 10), new(2, 5))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(new float[10], memory.AsSpan(5, 5), [1], memory.AsSpan(0, 10), new(2, 5))).ParamName);
        Assert.Equal("Vectors", Refused(() => ForgetVectorApplication.Cpu([], [], [], [], new(0, 5, 65))).ParamName);
        Assert.Equal("Vectors", Refused(() => ForgetVectorApplication.Cpu([], [], [], [], new(0, 5, 0))).ParamName);
    }
}
