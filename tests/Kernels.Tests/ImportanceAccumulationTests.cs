using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ImportanceAccumulationTests
{
    internal const float Scale = 1f / 7;

    public static TheoryData<string, ImportanceMeasure> Cases
    {
        get
        {
            var cases = new TheoryData<string, ImportanceMeasure>();
            foreach (string lengths in new[] { "", "0", "1", "7 0 31", "32 33", "255 256 257", "5000" })
                foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
                    cases.Add(lengths, measure);
            return cases;
        }
    }

    /// <summary>Non-negative importance and gradients of either sign.</summary>
    internal static SegmentMemory Draw(string lengths) => new SegmentMemory(SegmentMemory.Parse(lengths), ImportanceAccumulation.Fields, shift: -1)
        .With(0, (count, seed) => [.. Samples.Uniform(count, seed).Select(MathF.Abs)], 1)
        .With(1, Samples.Uniform, 2);

    internal static SegmentMemory DrawSpecials() => new SegmentMemory([300, 12], ImportanceAccumulation.Fields)
        .With(0, Samples.WithSpecials, 3)
        .With(1, Samples.WithSpecials, 4);

    internal static float[] Cpu(SegmentMemory memory, ImportanceMeasure measure)
    {
        using SegmentMemory copy = memory.Clone(shift: -1);
        ImportanceAccumulation.Cpu(copy.Segments, Scale, measure);
        Assert.Equal(memory.Field(1), copy.Field(1));
        return copy.Field(0);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheFormula(string lengths, ImportanceMeasure measure)
    {
        using SegmentMemory memory = Draw(lengths);
        float[] omega = memory.Field(0), gradient = memory.Field(1), sum = Cpu(memory, measure);
        for (int i = 0; i < sum.Length; i++)
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
        using SegmentMemory memory = DrawSpecials();
        float[] expected = memory.Field(0).Zip(memory.Field(1), (o, g) => o + Scale * (measure == ImportanceMeasure.Absolute ? MathF.Abs(g) : g * g)).ToArray();
        Assert.Contains(expected, float.IsNaN);
        Assert.Contains(expected, float.IsFinite);
        Assert.Equal(expected, Cpu(memory, measure));
    }

    [Fact]
    public void ManyBlocksGiveWhatOneDoes()
    {
        float[] omega = Samples.Uniform(300_001, 5), gradient = Samples.Uniform(300_001, 6);
        float[] expected = [.. omega.Zip(gradient, (o, g) => o + Scale * MathF.Abs(g))];
        ImportanceAccumulation.Cpu(omega, gradient, Scale, ImportanceMeasure.Absolute);
        Assert.Equal(expected, omega);
    }

    [Fact]
    public void WrongLengthsOverlapsAndMeasuresAreRefused()
    {
        float[] memory = new float[10];
        Assert.Throws<ArgumentException>(() => ImportanceAccumulation.Cpu(new float[3], new float[4], 1, ImportanceMeasure.Absolute));
        Assert.Throws<ArgumentException>(() => ImportanceAccumulation.Cpu(memory.AsSpan(0, 5), memory.AsSpan(4, 5), 1, ImportanceMeasure.Absolute));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImportanceAccumulation.Cpu(new float[3], new float[3], 1, (ImportanceMeasure)2));
        Assert.Throws<ArgumentException>(() => ImportanceAccumulation.Cpu(new TensorSegments(3, [], []), 1, ImportanceMeasure.Absolute));
    }
}
