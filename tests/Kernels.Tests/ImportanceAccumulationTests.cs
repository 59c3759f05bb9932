using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ImportanceAccumulationTests
{
    internal const float Scale = 1f / 7;

    public static TheoryData<int, ImportanceMeasure> Cases
    {
        get
        {
            var cases = new TheoryData<int, ImportanceMeasure>();
            foreach (int count in new[] { 0, 1, 7, 31, 32, 33, 255, 256, 257, 5000 })
                foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
                    cases.Add(count, measure);
            return cases;
        }
    }

    internal static float[] Cpu(float[] omega, float[] gradient, ImportanceMeasure measure)
    {
        float[] sum = [.. omega];
        ImportanceAccumulation.Cpu(sum, gradient, Scale, measure);
        return sum;
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheFormula(int count, ImportanceMeasure measure)
    {
        float[] omega = Samples.Uniform(count, 1).Select(MathF.Abs).ToArray(), gradient = Samples.Uniform(count, 2);
        float[] sum = Cpu(omega, gradient, measure);
        for (int i = 0; i < count; i++)
        {
            double term = Scale * (measure == ImportanceMeasure.Absolute ? Math.Abs((double)gradient[i]) : (double)gradient[i] * gradient[i]);
            Near.Equal(omega[i] + term, sum[i], 3 * Near.Rounding * (omega[i] + term)); // square, scale, sum
        }
    }

    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void SpecialValuesComeOutAsOfPlainArithmetic(ImportanceMeasure measure)
    {
        float[] omega = Samples.WithSpecials(300, 3), gradient = Samples.WithSpecials(300, 4);
        float[] expected = omega.Zip(gradient, (o, g) => o + Scale * (measure == ImportanceMeasure.Absolute ? MathF.Abs(g) : g * g)).ToArray();
        Assert.Contains(expected, float.IsNaN);
        Assert.Contains(expected, float.IsFinite);
        Assert.Equal(expected, Cpu(omega, gradient, measure));
    }

    [Fact]
    public void ManyBlocksGiveWhatOneDoes()
    {
        float[] omega = Samples.Uniform(300_001, 5), gradient = Samples.Uniform(300_001, 6);
        Assert.Equal(omega.Zip(gradient, (o, g) => o + Scale * MathF.Abs(g)), Cpu(omega, gradient, ImportanceMeasure.Absolute));
    }

    [Fact]
    public void WrongLengthsOverlapsAndMeasuresAreRefused()
    {
        float[] memory = new float[10];
        Assert.Throws<ArgumentException>(() => ImportanceAccumulation.Cpu(new float[3], new float[4], 1, ImportanceMeasure.Absolute));
        Assert.Throws<ArgumentException>(() => ImportanceAccumulation.Cpu(memory.AsSpan(0, 5), memory.AsSpan(4, 5), 1, ImportanceMeasure.Absolute));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImportanceAccumulation.Cpu(new float[3], new float[3], 1, (ImportanceMeasure)2));
    }
}
