using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests;

public sealed class InputSensitivityTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (int elements in new[] { 0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 257, 3072 })
                foreach (int samples in new[] { 0, 1, 5 })
                    shapes.Add(samples, elements);
            return shapes;
        }
    }

    private static double[] Exact(float[] gradient, int samples, int elements) =>
        [.. Enumerable.Range(0, samples).Select(n => gradient.Skip(n * elements).Take(elements).Sum(g => (double)g * g))];

    private static float[] Cpu(float[] gradient, int samples, int elements)
    {
        var result = new float[samples];
        InputSensitivity.Cpu(gradient, result, elements);
        return result;
    }

    private static float[] Kernel(float[] gradient, int samples, int elements, int groups, int threads)
    {
        using var g = new SimulatedArray<float>([9, 9, 9, .. gradient, 9]);
        using var result = new SimulatedArray<float>(samples + 2);
        ArrayView<float> vg = g.View.SubView(3, gradient.Length), vs = result.View.SubView(1, samples);
        KernelSimulator.Run(new(groups, threads), () => InputSensitivity.Kernel(vg, vs, samples, elements));
        Assert.True(float.IsNaN(result.Span[0]) && float.IsNaN(result.Span[^1]));
        return result.Span[1..^1].ToArray();
    }

    [Theory, MemberData(nameof(Shapes))]
    public void CpuRoundsTheFloat64SumOnce(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 1);
        double[] exact = Exact(gradient, samples, elements);
        float[] result = Cpu(gradient, samples, elements);
        for (int n = 0; n < samples; n++)
            Near.Equal(exact[n], result[n], exact[n] * (Near.Rounding + elements * Math.Pow(2, -52)));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void KernelAgreesWithFloat64(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 2);
        double[] exact = Exact(gradient, samples, elements);
        foreach (var (groups, threads) in new[] { (2, 64), (3, 32) })
        {
            float[] result = Kernel(gradient, samples, elements, groups, threads);
            // A thread's own products and sums, then two trees of five levels.
            double roundings = (elements + threads - 1) / threads + 1 + 10;
            for (int n = 0; n < samples; n++)
                Near.Equal(exact[n], result[n], exact[n] * roundings * Near.Rounding * 1.01);
            Assert.Equal(result, Kernel(gradient, samples, elements, groups, threads));
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1024)]
    public void LargeGroupsUseAllTheirWarps(int threads)
    {
        float[] ones = Enumerable.Repeat(1f, 2 * 1500).ToArray();
        Assert.Equal([1500f, 1500f], Kernel(ones, 2, 1500, 1, threads));
    }

    [Fact]
    public void NotANumberAndInfinityStayWithTheirSample()
    {
        float[] gradient = Samples.Uniform(4 * 100, 3);
        gradient[105] = float.NaN;
        gradient[233] = float.NegativeInfinity;
        gradient[234] = float.Epsilon;
        gradient[350] = 1e30f; // its square is beyond float32
        foreach (float[] result in new[] { Cpu(gradient, 4, 100), Kernel(gradient, 4, 100, 2, 64) })
        {
            Assert.True(float.IsFinite(result[0]));
            Assert.Equal([float.NaN, float.PositiveInfinity, float.PositiveInfinity], result[1..]);
        }
    }

    /// <summary>Squares of 2^-70 are denormal in float32 and exact in float64.</summary>
    [Fact]
    public void CpuKeepsSquaresTooSmallForFloat32() =>
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
        double[] exact = Exact(gradient, samples, elements);
        for (int n = 0; n < samples; n++)
            Near.Equal(exact[n], many[n], exact[n] * (Near.Rounding + elements * Math.Pow(2, -52)));
    }

    [Fact]
    public void WrongLengthIsRefused() =>
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => InputSensitivity.Cpu(new float[9], new float[2], 5)).ParamName);

    /// <summary>50,000 samples of 50,000 numbers, of which only the last one has memory.</summary>
    [Fact]
    public void KernelReachesTheLastSampleBeyondTwoToThe31()
    {
        const int samples = 50_000, elements = 50_000;
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(elements, 5);
        using var gradient = SimulatedArray<float>.Window(total, total - elements, last);
        using var result = SimulatedArray<float>.Window(samples, samples - 1, new float[1]);
        KernelSimulator.Run(new(samples, 64), () => InputSensitivity.Kernel(gradient.View, result.View, samples, elements), [new Index3D(samples - 1, 0, 0)]);
        double exact = Exact(last, 1, elements)[0];
        Near.Equal(exact, result.Span[0], exact * (elements / 64 + 12) * Near.Rounding);
    }
}
