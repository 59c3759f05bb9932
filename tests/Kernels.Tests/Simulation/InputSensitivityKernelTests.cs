using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class InputSensitivityKernelTests
{
    public static TheoryData<int, int> Shapes => SensitivityCase.Shapes;

    /// <summary>Norms of one gradient, on views that begin <paramref name="offset"/> elements into their memory and whose neighbours must stay as they were.</summary>
    private static float[] Kernel<T>(T[] gradient, int samples, int elements, int groups, int threads, int slices, int offset, int wide) where T : unmanaged
    {
        using var g = new SimulatedArray<T>([.. new T[offset], .. gradient, default]);
        using var sums = new SimulatedArray<float>(samples * slices + 2);
        using var norms = new SimulatedArray<float>(samples + 2);
        ArrayView<T> vg = g.View.SubView(offset, gradient.Length);
        ArrayView<float> none = ArrayView<float>.Empty, vs = sums.View.SubView(1, samples * slices), vn = norms.View.SubView(1, samples);
        if (vg is ArrayView<float> floats)
            KernelSimulator.Run(new(groups, threads), () => InputSensitivity.FloatKernel(floats, none, vs, none, none, samples, elements, slices, wide));
        else if (vg is ArrayView<ushort> halves)
            KernelSimulator.Run(new(groups, threads), () => InputSensitivity.HalfKernel(halves, ArrayView<ushort>.Empty, vs, none, none, samples, elements, slices, wide));
        Assert.True(float.IsNaN(sums.Span[0]) && float.IsNaN(sums.Span[^1]));
        if (slices == 1)
            return sums.Span[1..^1].ToArray();
        KernelSimulator.Run(new(groups, threads), () => InputSensitivity.SliceKernel(vs, none, vn, none, none, samples, slices));
        Assert.True(float.IsNaN(norms.Span[0]) && float.IsNaN(norms.Span[^1]));
        return norms.Span[1..^1].ToArray();
    }

    private static void Agrees(double[] exact, float[] result, int elements, int threads)
    {
        // A thread's own products and sums, its four accumulators, then trees of five levels over lanes, warps and slices.
        double roundings = (elements + threads - 1) / threads + 4 + 15;
        for (int n = 0; n < result.Length; n++)
            Near.Equal(exact[n], result[n], exact[n] * roundings * Near.Rounding * 1.01);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithFloat64AndRepeats(int samples, int elements)
    {
        float[] gradient = Samples.Uniform(samples * elements, 2);
        double[] exact = SensitivityCase.Exact(gradient, samples, elements);
        foreach (var (groups, threads, slices) in new[] { (2, 64, 1), (3, 32, 3) })
        {
            float[] result = Kernel(gradient, samples, elements, groups, threads, slices, 3, 0);
            Agrees(exact, result, elements, threads);
            Assert.Equal(result, Kernel(gradient, samples, elements, groups, threads, slices, 3, 0));
        }
    }

    [Theory]
    [InlineData(5, 3072, 1)]
    [InlineData(3, 40, 1)]
    [InlineData(3, 200, 4)]
    [InlineData(1, 1003, 1)]
    [InlineData(1, 1003, 5)]
    [InlineData(1, 7, 1)]
    public void WideAccessesGiveTheSameNorms(int samples, int elements, int slices)
    {
        float[] gradient = Samples.Uniform(samples * elements, 9);
        var (bits, values) = SensitivityCase.Halves(gradient);
        Agrees(SensitivityCase.Exact(gradient, samples, elements), Kernel(gradient, samples, elements, 2, 64, slices, 4, 1), elements, 64);
        Agrees(SensitivityCase.Exact(values, samples, elements), Kernel(bits, samples, elements, 2, 64, slices, 8, 1), elements, 64);
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 33)]
    [InlineData(2, 257)]
    public void HalvesAgreeWithFloat64(int samples, int elements)
    {
        var (bits, values) = SensitivityCase.Halves(Samples.Uniform(samples * elements, 10));
        Agrees(SensitivityCase.Exact(values, samples, elements), Kernel(bits, samples, elements, 3, 32, 2, 1, 0), elements, 32);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TwoGradientsGiveTheirNormsAndTheDifference(int slices)
    {
        const int samples = 5, elements = 200;
        float[] target = Samples.Uniform(samples * elements, 11), irrelevant = Samples.Uniform(samples * elements, 12);
        target[2 * elements + 7] = float.PositiveInfinity;
        irrelevant[3 * elements + 7] = float.NaN;
        var results = new float[2][][];
        for (int half = 0; half < 2; half++)
        {
            var (targetBits, _) = SensitivityCase.Halves(target);
            var (irrelevantBits, _) = SensitivityCase.Halves(irrelevant);
            using var t = new SimulatedArray<float>(target);
            using var r = new SimulatedArray<float>(irrelevant);
            using var th = new SimulatedArray<ushort>(targetBits);
            using var rh = new SimulatedArray<ushort>(irrelevantBits);
            using var ts = new SimulatedArray<float>(samples * slices);
            using var rs = new SimulatedArray<float>(samples * slices);
            using var tn = new SimulatedArray<float>(samples);
            using var rn = new SimulatedArray<float>(samples);
            using var gap = new SimulatedArray<float>(samples);
            ArrayView<float> first = slices == 1 ? gap.View : ArrayView<float>.Empty;
            if (half == 0)
                KernelSimulator.Run(new(2, 64), () => InputSensitivity.FloatKernel(t.View, r.View, ts.View, rs.View, first, samples, elements, slices, 1));
            else
                KernelSimulator.Run(new(2, 64), () => InputSensitivity.HalfKernel(th.View, rh.View, ts.View, rs.View, first, samples, elements, slices, 1));
            if (slices > 1)
                KernelSimulator.Run(new(2, 64), () => InputSensitivity.SliceKernel(ts.View, rs.View, tn.View, rn.View, gap.View, samples, slices));
            float[] targetNorms = (slices == 1 ? ts : tn).Span.ToArray(), irrelevantNorms = (slices == 1 ? rs : rn).Span.ToArray();
            Agrees(SensitivityCase.Exact(half == 0 ? target : SensitivityCase.Halves(target).Values, samples, elements), targetNorms, elements, 64);
            Agrees(SensitivityCase.Exact(half == 0 ? irrelevant : SensitivityCase.Halves(irrelevant).Values, samples, elements), irrelevantNorms, elements, 64);
            Assert.Equal(targetNorms.Zip(irrelevantNorms, (a, b) => a - b), gap.Span.ToArray());
            Assert.Equal([float.PositiveInfinity, float.NaN], gap.Span[2..4].ToArray());
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1024)]
    public void LargeGroupsUseAllTheirWarps(int threads)
    {
        float[] ones = Enumerable.Repeat(1f, 2 * 1500).ToArray();
        Assert.Equal([1500f, 1500f], Kernel(ones, 2, 1500, 1, threads, 1, 3, 0));
    }

    [Fact]
    public void NotANumberAndInfinityStayWithTheirSample() => SensitivityCase.ExpectSpecials(Kernel(SensitivityCase.WithSpecials(), 4, 100, 2, 64, 1, 3, 0));

    /// <summary>50,000 samples of 50,000 numbers, of which only the last one has memory.</summary>
    [Fact]
    public void ReachesTheLastSampleBeyondTwoToThe31()
    {
        const int samples = 50_000, elements = 50_000;
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(elements, 5);
        using var gradient = SimulatedArray<float>.Window(total, total - elements, last);
        using var result = SimulatedArray<float>.Window(samples, samples - 1, new float[1]);
        ArrayView<float> none = ArrayView<float>.Empty;
        KernelSimulator.Run(new(samples, 64), () => InputSensitivity.FloatKernel(gradient.View, none, result.View, none, none, samples, elements, 1, 0), [new Index3D(samples - 1, 0, 0)]);
        double exact = SensitivityCase.Exact(last, 1, elements)[0];
        Near.Equal(exact, result.Span[0], exact * (elements / 64 + 12) * Near.Rounding);
    }
}
