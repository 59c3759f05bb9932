using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class InputSensitivityTests
{
    public static TheoryData<int, int> Shapes => SensitivityCase.Shapes;

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
