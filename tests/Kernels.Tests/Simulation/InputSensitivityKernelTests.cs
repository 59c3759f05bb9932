using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class InputSensitivityKernelTests
{
    public static TheoryData<int, int> Shapes => SensitivityCase.Shapes;

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
    public void AgreesWithFloat64AndRepeats(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 2);
        double[] exact = SensitivityCase.Exact(gradient, samples, elements);
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
    public void NotANumberAndInfinityStayWithTheirSample() => SensitivityCase.ExpectSpecials(Kernel(SensitivityCase.WithSpecials(), 4, 100, 2, 64));

    /// <summary>50,000 samples of 50,000 numbers, of which only the last one has memory.</summary>
    [Fact]
    public void ReachesTheLastSampleBeyondTwoToThe31()
    {
        const int samples = 50_000, elements = 50_000;
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(elements, 5);
        using var gradient = SimulatedArray<float>.Window(total, total - elements, last);
        using var result = SimulatedArray<float>.Window(samples, samples - 1, new float[1]);
        KernelSimulator.Run(new(samples, 64), () => InputSensitivity.Kernel(gradient.View, result.View, samples, elements), [new Index3D(samples - 1, 0, 0)]);
        double exact = SensitivityCase.Exact(last, 1, elements)[0];
        Near.Equal(exact, result.Span[0], exact * (elements / 64 + 12) * Near.Rounding);
    }
}
