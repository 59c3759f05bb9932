using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class LinearImportanceTests
{
    internal const float Scale = 1f / 3;

    public static TheoryData<int, int, int, ImportanceMeasure> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, ImportanceMeasure>();
            foreach (var (samples, inputs, outputs) in new[] { (0, 3, 2), (1, 1, 1), (5, 0, 3), (5, 3, 0), (5, 7, 3), (1, 31, 4), (33, 16, 5), (5, 64, 16), (40, 65, 17), (3, 257, 66), (70, 33, 9) })
                foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
                    cases.Add(samples, inputs, outputs, measure);
            return cases;
        }
    }

    internal static (float[] Input, float[] Gradient, float[] Omega, float[] Bias) Numbers(int samples, int inputs, int outputs) =>
        (Samples.Uniform(samples * inputs, 1), Samples.Uniform(samples * outputs, 2), Samples.Uniform(outputs * inputs, 3), Samples.Uniform(outputs, 4));

    internal static (double, double)[] Exact(float[] input, float[] gradient, float[] omega, int samples, int inputs, int outputs, ImportanceMeasure measure) =>
        [.. from o in Enumerable.Range(0, outputs) from i in Enumerable.Range(0, inputs) select Sum(omega[o * inputs + i], samples, n => (double)gradient[n * outputs + o] * input[n * inputs + i], measure)];

    internal static (double, double)[] ExactBias(float[] gradient, float[] bias, int samples, int outputs, ImportanceMeasure measure) =>
        [.. Enumerable.Range(0, outputs).Select(o => Sum(bias[o], samples, n => gradient[n * outputs + o], measure))];

    private static (double, double) Sum(float before, int samples, Func<int, double> g, ImportanceMeasure measure)
    {
        double total = 0, error = 0;
        for (int n = 0; n < samples; n++)
            ConvolutionCase.Accumulate(ref total, ref error, g(n), Math.Abs(g(n)) * Near.Rounding, measure);
        return ConvolutionCase.Finish(before, total, error, samples, Scale);
    }

    internal static (float[] Omega, float[] Bias) Cpu(float[] input, float[] gradient, float[] omega, float[] bias, int samples, int inputs, int outputs, ImportanceMeasure measure)
    {
        float[] sum = [9, .. omega, 9], sums = [9, .. bias, 9], x = [9, .. input], d = [9, .. gradient]; // nothing is aligned
        fixed (float* px = x, pd = d, pw = sum, pb = sums)
        {
            LinearImportance.Cpu(px + 1, pd + 1, pw + 1, samples, inputs, outputs, Scale, measure);
            LinearImportance.BiasCpu(pd + 1, pb + 1, samples, outputs, Scale, measure);
        }
        Assert.Equal((9f, 9f, 9f, 9f), (sum[0], sum[^1], sums[0], sums[^1]));
        return (sum[1..^1], sums[1..^1]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheFormula(int samples, int inputs, int outputs, ImportanceMeasure measure)
    {
        var (input, gradient, omega, bias) = Numbers(samples, inputs, outputs);
        var (weights, shifts) = Cpu(input, gradient, omega, bias, samples, inputs, outputs, measure);
        ConvolutionCase.Expect(Exact(input, gradient, omega, samples, inputs, outputs, measure), weights);
        ConvolutionCase.Expect(ExactBias(gradient, bias, samples, outputs, measure), shifts);
    }

    /// <summary>Special values go where the product of the two would take them; squares are of the product, which may be ordinary where its factors are not.</summary>
    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void SpecialValuesComeOutAsOfPlainArithmetic(ImportanceMeasure measure)
    {
        float[] input = Samples.WithSpecials(40, 5), gradient = Samples.WithSpecials(9, 6);
        input[0] = 1e-25f;
        gradient[0] = 1e25f;
        float[] expected = [.. from d in gradient from x in input let g = d * x select 0 + Scale * (0 + (measure == ImportanceMeasure.Absolute ? MathF.Abs(g) : g * g))];
        Assert.Equal(Scale, expected[0], 1e-6f);
        Assert.Contains(expected, float.IsNaN);
        Assert.Equal(expected, Cpu(input, gradient, new float[9 * 40], new float[9], 1, 40, 9, measure).Omega);
    }

    [Fact]
    public void NegativeSizesAndUnknownMeasuresAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearImportance.Cpu(null, null, null, 1, -1, 1, 1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearImportance.BiasCpu(null, null, 1, 1, 1, (ImportanceMeasure)2));
    }
}
