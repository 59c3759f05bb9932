using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class InputSensitivityTests
{
    public static TheoryData<int, int> Shapes => SensitivityCase.Shapes;

    private static unsafe float[] Cpu(ushort[] gradient, int samples, int elements)
    {
        var result = new float[samples];
        fixed (ushort* g = gradient)
        fixed (float* s = result)
            InputSensitivity.Cpu(g, s, samples, elements);
        return result;
    }

    private static float[] Cpu(float[] gradient, int samples, int elements)
    {
        var result = new float[samples];
        InputSensitivity.Cpu(gradient, result, elements);
        return result;
    }

    [Theory, MemberData(nameof(Shapes))]
    public void RoundsTheFloat64SumOnce(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 1);
        double[] exact = SensitivityCase.Exact(gradient, samples, elements);
        float[] result = Cpu(gradient, samples, elements);
        for (int n = 0; n < samples; n++)
            Near.Equal(exact[n], result[n], exact[n] * (Near.Rounding + elements * Math.Pow(2, -52)));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void HalvesRoundTheFloat64SumOnce(int samples, int elements)
    {
        var (bits, values) = SensitivityCase.Halves(Samples.Uniform(samples * elements, 6));
        double[] exact = SensitivityCase.Exact(values, samples, elements);
        float[] result = Cpu(bits, samples, elements);
        for (int n = 0; n < samples; n++)
            Near.Equal(exact[n], result[n], exact[n] * (Near.Rounding + elements * Math.Pow(2, -52)));
    }

    [Theory]
    [InlineData(5, 300)]
    [InlineData(2, 70_000)]
    public unsafe void GapIsTheDifferenceOfTheNorms(int samples, int elements)
    {
        float[] target = Samples.Uniform(samples * elements, 7), irrelevant = Samples.Uniform(samples * elements, 8), t = new float[samples], r = new float[samples], gap = new float[samples];
        irrelevant[3] = float.PositiveInfinity;
        target[elements + 1] = float.NaN;
        fixed (float* pt = target, pr = irrelevant, st = t, sr = r, pg = gap)
            InputSensitivity.Cpu(pt, pr, st, sr, pg, samples, elements);
        Assert.Equal(Cpu(target, samples, elements), t);
        Assert.Equal(Cpu(irrelevant, samples, elements), r);
        Assert.Equal(t.Zip(r, (a, b) => a - b), gap);
        Assert.Equal([float.NegativeInfinity, float.NaN], gap[..2]);
        var (targetBits, _) = SensitivityCase.Halves(target);
        var (irrelevantBits, _) = SensitivityCase.Halves(irrelevant);
        fixed (ushort* pt = targetBits, pr = irrelevantBits)
        fixed (float* st = t, sr = r, pg = gap)
            InputSensitivity.Cpu(pt, pr, st, sr, pg, samples, elements);
        Assert.Equal(Cpu(targetBits, samples, elements), t);
        Assert.Equal(Cpu(irrelevantBits, samples, elements), r);
        Assert.Equal(t.Zip(r, (a, b) => a - b), gap);
    }

    [Fact]
    public void FewLongSamplesAreCutIntoSlices()
    {
        Assert.Equal(1, InputSensitivity.Slices(0, 10));
        Assert.Equal(1, InputSensitivity.Slices(1365, 3072));
        Assert.Equal(1, InputSensitivity.Slices(5, 3072));
        Assert.Equal(36, InputSensitivity.Slices(27, 150_528));
    }

    [Fact]
    public void NotANumberAndInfinityStayWithTheirSample() => SensitivityCase.ExpectSpecials(Cpu(SensitivityCase.WithSpecials(), 4, 100));

    /// <summary>Squares of 2^-70 are denormal in float32 and exact in float64.</summary>
    [Fact]
    public void KeepsSquaresTooSmallForFloat32() =>
        Assert.Equal([MathF.Pow(2, -130)], Cpu(Enumerable.Repeat(MathF.Pow(2, -70), 1024).ToArray(), 1, 1024));

    [Theory]
    [InlineData(3, 500_000)]
    [InlineData(300, 3072)]
    public async Task ProcessorsDoNotChangeABit(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 4);
        float[] many = Cpu(gradient, samples, elements);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        float[] single = await Task.Factory.StartNew(() => Cpu(gradient, samples, elements), TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(single, many);
        double[] exact = SensitivityCase.Exact(gradient, samples, elements);
        for (int n = 0; n < samples; n++)
            Near.Equal(exact[n], many[n], exact[n] * (Near.Rounding + elements * Math.Pow(2, -52)));
    }

    [Fact]
    public void WrongLengthIsRefused() =>
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => InputSensitivity.Cpu(new float[9], new float[2], 5)).ParamName);
}
