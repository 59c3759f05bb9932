using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class AffineImportanceTests
{
    internal const float Factor = 1f / 3, Epsilon = 1e-5f;

    public static TheoryData<int, int, int, ImportanceMeasure> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, ImportanceMeasure>();
            foreach (var (samples, channels, positions) in new[] { (0, 3, 2), (1, 1, 1), (5, 0, 3), (5, 3, 0), (5, 4, 3), (1, 4, 31), (17, 1, 16), (5, 2, 64), (2, 3, 257), (7, 2, 33), (2, 2, 132), (1, 1, 3073) })
                foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
                    cases.Add(samples, channels, positions, measure);
            return cases;
        }
    }

    internal sealed record Numbers(float[] Input, float[] Gradient, float[] Mean, float[] Variance, float[] Scale, float[] Shift)
    {
        internal static Numbers Of(int samples, int channels, int positions) => new(
            Samples.Uniform(samples * channels * positions, 1), Samples.Uniform(samples * channels * positions, 2), Samples.Uniform(channels, 3),
            [.. Samples.Uniform(channels, 4).Select(v => v * v)], Samples.Uniform(channels, 5), Samples.Uniform(channels, 6));
    }

    internal static ((double, double)[] Scale, (double, double)[] Shift) Exact(Numbers numbers, int samples, int channels, int positions, ImportanceMeasure measure)
    {
        (double, double)[] scale = new (double, double)[channels], shift = new (double, double)[channels];
        for (int c = 0; c < channels; c++)
        {
            double scales = 0, scaleError = 0, shifts = 0, shiftError = 0, deviation = Math.Sqrt((double)numbers.Variance[c] + Epsilon);
            for (int n = 0; n < samples; n++)
            {
                double g = 0, sizeOfG = 0, b = 0, sizeOfB = 0;
                for (int i = (n * channels + c) * positions; i < (n * channels + c + 1) * positions; i++)
                {
                    double product = numbers.Gradient[i] * ((double)numbers.Input[i] - numbers.Mean[c]) / deviation;
                    (g, sizeOfG, b, sizeOfB) = (g + product, sizeOfG + Math.Abs(product), b + numbers.Gradient[i], sizeOfB + Math.Abs(numbers.Gradient[i]));
                }
                // Five roundings beside the sum's: of the difference, product, epsilon's sum, root and quotient.
                ConvolutionCase.Accumulate(ref scales, ref scaleError, g, sizeOfG * (positions + 5) * Near.Rounding, measure);
                ConvolutionCase.Accumulate(ref shifts, ref shiftError, b, sizeOfB * positions * Near.Rounding, measure);
            }
            scale[c] = ConvolutionCase.Finish(numbers.Scale[c], scales, scaleError, samples, Factor);
            shift[c] = ConvolutionCase.Finish(numbers.Shift[c], shifts, shiftError, samples, Factor);
        }
        return (scale, shift);
    }

    private static (float[] Scale, float[] Shift, float[] Alone) Cpu(Numbers numbers, int samples, int channels, int positions, ImportanceMeasure measure)
    {
        float[] scale = [9, .. numbers.Scale, 9], shift = [9, .. numbers.Shift, 9], alone = [9, .. numbers.Shift, 9], x = [9, .. numbers.Input], d = [9, .. numbers.Gradient];
        fixed (float* px = x, pd = d, mean = numbers.Mean, variance = numbers.Variance, ps = scale, pt = shift, pa = alone)
        {
            AffineImportance.Cpu(px + 1, pd + 1, mean, variance, ps + 1, pt + 1, samples, channels, positions, Epsilon, Factor, measure);
            AffineImportance.ShiftCpu(pd + 1, pa + 1, samples, channels, positions, Factor, measure);
        }
        Assert.All([scale, shift, alone], a => Assert.Equal((9f, 9f), (a[0], a[^1])));
        return (scale[1..^1], shift[1..^1], alone[1..^1]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheFormula(int samples, int channels, int positions, ImportanceMeasure measure)
    {
        Numbers numbers = Numbers.Of(samples, channels, positions);
        var (scale, shift) = Exact(numbers, samples, channels, positions, measure);
        var (actualScale, actualShift, alone) = Cpu(numbers, samples, channels, positions, measure);
        ConvolutionCase.Expect(scale, actualScale);
        ConvolutionCase.Expect(shift, actualShift);
        ConvolutionCase.Expect(shift, alone);
    }

    /// <summary>Channels that fill vectors and some that do not, more samples than a block has, odd and even positions.</summary>
    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 3, 0)]
    [InlineData(3, 16, 1)]
    [InlineData(9, 19, 8)]
    [InlineData(5, 64, 33)]
    public void ChannelsLastAgreesWithTheFormulaToo(int samples, int channels, int positions)
    {
        Numbers numbers = Numbers.Of(samples, channels, positions);
        foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
        {
            float[] x = [9, .. ConvolutionImportanceTests.Turned(numbers.Input, samples, channels, positions)], d = [9, .. ConvolutionImportanceTests.Turned(numbers.Gradient, samples, channels, positions)];
            float[] scale = [9, .. numbers.Scale, 9], shift = [9, .. numbers.Shift, 9];
            fixed (float* px = x, pd = d, mean = numbers.Mean, variance = numbers.Variance, ps = scale, pt = shift)
                AffineImportance.ChannelsLastCpu(px + 1, pd + 1, mean, variance, ps + 1, pt + 1, samples, channels, positions, Epsilon, Factor, measure);
            Assert.Equal((9f, 9f, 9f, 9f), (scale[0], scale[^1], shift[0], shift[^1]));
            var (exactScale, exactShift) = Exact(numbers, samples, channels, positions, measure);
            ConvolutionCase.Expect(exactScale, scale[1..^1]);
            ConvolutionCase.Expect(exactShift, shift[1..^1]);
        }
    }

    [Fact]
    public void NotANumberAndInfinityStayWithTheirChannel()
    {
        Numbers numbers = Numbers.Of(2, 4, 40);
        numbers.Input[41] = float.NaN;
        numbers.Gradient[2 * 40 + 39] = float.PositiveInfinity;
        var (scale, shift, alone) = Cpu(numbers, 2, 4, 40, ImportanceMeasure.Squared);
        Assert.Equal([true, false, false, true], scale.Select(float.IsFinite));
        Assert.True(float.IsNaN(scale[1]) && float.IsPositiveInfinity(scale[2]));
        Assert.Equal([true, true, false, true], shift.Select(float.IsFinite));
        Assert.Equal(float.PositiveInfinity, shift[2]);
        Assert.Equal(shift, alone);
    }

    [Fact]
    public void NegativeSizesAndUnknownMeasuresAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AffineImportance.ShiftCpu(null, null, 1, -1, 1, 1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => AffineImportance.Cpu(null, null, null, null, null, null, 1, 1, -1, 1, 1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => AffineImportance.ShiftCpu(null, null, 1, 1, 1, 1, (ImportanceMeasure)2));
    }
}
