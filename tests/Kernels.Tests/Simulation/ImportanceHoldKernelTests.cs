using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>Minimum and maximum do not depend on the order, and the map is the CPU path's: the bits must be the same.</summary>
public sealed class ImportanceHoldKernelTests
{
    public static TheoryData<string> Sizes => ImportanceHoldTests.Sizes;

    private static void Agrees(SegmentMemory memory)
    {
        float[] expected = ImportanceHoldTests.Cpu(memory);
        foreach (var (groups, shift) in new[] { (1, 0), (3, 1), (2, -1) })
        {
            using SegmentMemory copy = memory.Clone(shift);
            using var partial = new SimulatedArray<float>((int)(2 * copy.Segments.Chunks));
            using var extrema = new SimulatedArray<float>(2 * copy.Count);
            copy.OnDevice((view, table, segments) =>
            {
                KernelSimulator.Run(new(groups, 64), () => ImportanceHold.ExtremaKernel(view, table, segments, partial.View));
                KernelSimulator.Run(new(groups, 32), () => ImportanceHold.SegmentKernel(table, segments, partial.View, extrema.View));
                KernelSimulator.Run(new(groups, 64), () => ImportanceHold.MapKernel(view, table, segments, extrema.View));
            });
            Assert.Equal(expected, copy.Field(1));
            Assert.Equal(memory.Field(0), copy.Field(0));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void AgreesOnAllSizes(string lengths)
    {
        using SegmentMemory memory = ImportanceHoldTests.Draw(lengths);
        Agrees(memory);
    }

    [Fact]
    public void AgreesOnSpecialValues()
    {
        using SegmentMemory memory = ImportanceHoldTests.DrawSpecials();
        Agrees(memory);
    }

    [Fact]
    public void ReachesTheLastWeightBeyondTwoToThe31()
    {
        float[] omega = Samples.Uniform(DistantChunk.Length, 8);
        using var chunk = new DistantChunk([omega, new float[DistantChunk.Length]]);
        using var partial = SimulatedArray<float>.Window(2L * DistantChunk.Chunks, DistantChunk.Chunks - 1, new float[DistantChunk.Chunks + 1]);
        using var extrema = new SimulatedArray<float>([-1f, -3f]);
        DistantChunk.Run(() => ImportanceHold.ExtremaKernel(chunk.Memory.View, chunk.Table.View, 1, partial.View));
        Assert.Equal((omega.Min(), -omega.Max()), (partial.Span[0], partial.Span[^1]));
        DistantChunk.Run(() => ImportanceHold.MapKernel(chunk.Memory.View, chunk.Table.View, 1, extrema.View));
        Assert.Equal([.. omega.Select(o => 1 - (o + 1) / 4)], chunk.Field(1));
    }
}
