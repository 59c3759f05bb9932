using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernel does the CPU path's operations in its order, so weights and momentum agree to the bit; only the pull's value is summed otherwise.</summary>
public sealed class SgdStepKernelTests
{
    public static TheoryData<string, string> Cases => SgdCase.Cases;

    public static TheoryData<string> Names => SgdCase.Names;

    private static void Kernel(ArrayView<float> memory, ArrayView<long> table, long segments, ArrayView<float> partial, SgdRule rule) =>
        SgdStep.Kernel(memory, table, segments, partial, rule.Options, rule.LearningRate, rule.Momentum, rule.Share, rule.WeightDecay, rule.Lambda);

    private static void Agrees(SegmentMemory memory, SgdRule rule, params (int Groups, int Shift)[] launches)
    {
        var expected = SgdCase.Cpu(memory, rule);
        foreach (var (groups, shift) in launches)
        {
            using SegmentMemory copy = memory.Clone(shift);
            using var partial = new SimulatedArray<float>((int)copy.Segments.Chunks);
            using var value = new SimulatedArray<float>(1);
            copy.OnDevice((view, table, segments) =>
            {
                // What is not there must not be touched: nothing lies at this place.
                for (int row = 0; row < segments; row++)
                    for (int field = 0; field < SgdStep.Fields; field++)
                        if (!SgdCase.Uses(rule, field))
                            table[row * SegmentTable.Width(SgdStep.Fields) + SegmentTable.FirstField + field] = (1L << 40) + Math.Max(0, shift);
                KernelSimulator.Run(new(groups, 64), () => Kernel(view, table, segments, partial.View, rule));
                KernelSimulator.Run(new(groups, 32), () => WeightPull.ValueKernel(partial.View, value.View, rule.Lambda));
            });
            Assert.Equal(expected.Weight, copy.Field(SgdCase.Weight));
            Assert.Equal(expected.Velocity, copy.Field(SgdCase.Velocity));
            if (SgdRule.Has(rule, StepOptions.PullValue) && double.IsFinite(expected.Value)) // a thread's 64 terms of a chunk, then trees
                Near.Equal(expected.Value, value.Span[0], (64 + 24) * Near.Rounding * expected.Value);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void AgreesOnAllSizes(string name, string lengths)
    {
        SgdRule rule = SgdCase.Rule(name);
        using SegmentMemory memory = SgdCase.Draw(rule, lengths);
        Agrees(memory, rule, (3, 0), (1, -1));
    }

    [Theory, MemberData(nameof(Names))]
    public void AgreesOnSpecialValues(string name)
    {
        SgdRule rule = SgdCase.Rule(name);
        using SegmentMemory memory = SgdCase.Draw(rule, "200 33", Samples.WithSpecials);
        Agrees(memory, rule, (2, 0), (2, 3));
    }

    [Fact]
    public void ReachesTheLastWeightBeyondTwoToThe31()
    {
        SgdRule rule = SgdCase.Rule("everything");
        using SegmentMemory memory = SgdCase.Draw(rule, $"{DistantChunk.Length}");
        using var chunk = new DistantChunk([.. Enumerable.Range(0, SgdStep.Fields).Select(memory.Field)]);
        using var partial = SimulatedArray<float>.Window(DistantChunk.Chunks, DistantChunk.Chunks - 1, new float[1]);
        DistantChunk.Run(() => Kernel(chunk.Memory.View, chunk.Table.View, 1, partial.View, rule));
        var expected = SgdCase.Cpu(memory, rule);
        Assert.Equal(expected.Weight, chunk.Field(SgdCase.Weight));
        Assert.Equal(expected.Velocity, chunk.Field(SgdCase.Velocity));
        Near.Equal(expected.Value, partial.Span[0] * rule.Lambda / 2, 20 * Near.Rounding * expected.Value);
    }
}
