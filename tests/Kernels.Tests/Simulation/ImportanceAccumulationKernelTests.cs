using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernels do the CPU path's operations in its order, so they must agree to the bit.</summary>
public sealed class ImportanceAccumulationKernelTests
{
    private const float Scale = ImportanceAccumulationTests.Scale;

    public static TheoryData<int, ImportanceMeasure> Cases => ImportanceAccumulationTests.Cases;

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
    public void AgreesOnAllSizes(int count, ImportanceMeasure measure)
    {
        float[] omega = Samples.Uniform(count, 1), gradient = Samples.Uniform(count, 2);
        Assert.Equal(ImportanceAccumulationTests.Cpu(omega, gradient, measure), Kernel(omega, gradient, measure));
    }

    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void AgreesOnSpecialValues(ImportanceMeasure measure)
    {
        float[] omega = Samples.WithSpecials(300, 3), gradient = Samples.WithSpecials(300, 4);
        Assert.Equal(ImportanceAccumulationTests.Cpu(omega, gradient, measure), Kernel(omega, gradient, measure));
    }

    /// <summary>Three billion weights in groups of 256, of which only the last group's have memory.</summary>
    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void ReachesTheLastWeightBeyondTwoToThe31(ImportanceMeasure measure)
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
        Assert.Equal(ImportanceAccumulationTests.Cpu(before, last, measure), omega.Span.ToArray());
    }
}
