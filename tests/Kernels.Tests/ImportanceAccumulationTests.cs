using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests;

public sealed class ImportanceAccumulationTests
{
    private const float Scale = 1f / 7;

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

    private static float[] Cpu(float[] omega, float[] gradient, ImportanceMeasure measure)
    {
        float[] sum = [.. omega];
        ImportanceAccumulation.Cpu(sum, gradient, Scale, measure);
        return sum;
    }

    private static float[] Kernel(float[] omega, float[] gradient, ImportanceMeasure measure)
    {
        using var o = new SimulatedArray<float>([9, .. omega, 9]);
        using var g = new SimulatedArray<float>([9, 9, .. gradient]);
        ArrayView<float> vo = o.View.SubView(1, omega.Length), vg = g.View.SubView(2);
        if (measure == ImportanceMeasure.Absolute)
            KernelSimulator.Run(new(3, 64), () => ImportanceAccumulation.AbsoluteKernel(vo, vg, Scale));
        else
            KernelSimulator.Run(new(3, 64), () => ImportanceAccumulation.SquaredKernel(vo, vg, Scale));
        Assert.Equal((9f, 9f), (o.Span[0], o.Span[^1]));
        return o.Span[1..^1].ToArray();
    }

    [Theory, MemberData(nameof(Cases))]
    public void CpuAndKernelAgreeWithTheFormula(int count, ImportanceMeasure measure)
    {
        float[] omega = Samples.Uniform(count, 1).Select(MathF.Abs).ToArray(), gradient = Samples.Uniform(count, 2);
        float[] sum = Cpu(omega, gradient, measure);
        for (int i = 0; i < count; i++)
        {
            double term = Scale * (measure == ImportanceMeasure.Absolute ? Math.Abs((double)gradient[i]) : (double)gradient[i] * gradient[i]);
            Near.Equal(omega[i] + term, sum[i], 3 * Near.Rounding * (omega[i] + term)); // square, scale, sum
        }
        Assert.Equal(sum, Kernel(omega, gradient, measure));
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
        Assert.Equal(expected, Kernel(omega, gradient, measure));
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

    /// <summary>Three billion weights in groups of 256, of which only the last group's have memory.</summary>
    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void KernelReachesTheLastWeightBeyondTwoToThe31(ImportanceMeasure measure)
    {
        const long weights = 3_000_000_000;
        const int groups = 11_718_750;
        float[] last = Samples.Uniform(256, 7), before = Samples.Uniform(256, 8);
        using var omega = SimulatedArray<float>.Window(weights, weights - 256, before);
        using var gradient = SimulatedArray<float>.Window(weights, weights - 256, last);
        Index3D[] lastGroup = [new(groups - 1, 0, 0)];
        if (measure == ImportanceMeasure.Absolute)
            KernelSimulator.Run(new(groups, 256), () => ImportanceAccumulation.AbsoluteKernel(omega.View, gradient.View, Scale), lastGroup);
        else
            KernelSimulator.Run(new(groups, 256), () => ImportanceAccumulation.SquaredKernel(omega.View, gradient.View, Scale), lastGroup);
        Assert.Equal(Cpu(before, last, measure), omega.Span.ToArray());
    }
}
