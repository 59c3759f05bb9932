using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernel does the CPU path's operations in its order, so they must agree to the bit, however the tensors lie in memory.</summary>
public sealed class ImportanceAccumulationKernelTests
{
    private const float Scale = ImportanceAccumulationTests.Scale;

    public static TheoryData<string, ImportanceMeasure> Cases => ImportanceAccumulationTests.Cases;

    private static void Agrees(SegmentMemory memory, ImportanceMeasure measure)
    {
        float[] expected = ImportanceAccumulationTests.Cpu(memory, measure);
        foreach (var (groups, shift) in new[] { (1, 0), (3, 2), (2, -1) })
        {
            using SegmentMemory copy = memory.Clone(shift);
            copy.OnDevice((view, table, segments) =>
                KernelSimulator.Run(new(groups, 64), () => ImportanceAccumulation.Kernel(view, table, segments, Scale, (int)measure)));
            Assert.Equal(expected, copy.Field(0));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesOnAllSizes(string lengths, ImportanceMeasure measure)
    {
        using SegmentMemory memory = ImportanceAccumulationTests.Draw(lengths);
        Agrees(memory, measure);
    }

    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void AgreesOnSpecialValues(ImportanceMeasure measure)
    {
        using SegmentMemory memory = ImportanceAccumulationTests.DrawSpecials();
        Agrees(memory, measure);
    }

    [Theory]
    [InlineData(ImportanceMeasure.Absolute)]
    [InlineData(ImportanceMeasure.Squared)]
    public void ReachesTheLastWeightBeyondTwoToThe31(ImportanceMeasure measure)
    {
        float[] omega = Samples.Uniform(DistantChunk.Length, 8), gradient = Samples.Uniform(DistantChunk.Length, 7);
        using var chunk = new DistantChunk([omega, gradient]);
        DistantChunk.Run(() => ImportanceAccumulation.Kernel(chunk.Memory.View, chunk.Table.View, 1, Scale, (int)measure));
        ImportanceAccumulation.Cpu(omega, gradient, Scale, measure);
        Assert.Equal(omega, chunk.Field(0));
    }
}
