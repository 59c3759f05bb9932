using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed unsafe class MagnitudeSelectionKernelTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string lengths in new[] { "1", "31 33 0 255 1", "257 8200 3" })
                foreach (string kind in new[] { "normal", "equal", "zeros", "specials", "denormal" })
                    cases.Add(kind, lengths);
            cases.Add("few", "4096 4097");
            return cases;
        }
    }

    private static (float Threshold, float[] Mask) Kernels(float[] values, long[] lengths, long k, int gap, int groups, int threads, int partCount)
    {
        float[] memory = SelectionCase.Lay(values, lengths, gap);
        using var work = new SimulatedArray<long>(new long[MagnitudeSelection.WorkLength]);
        using var parts = new SimulatedArray<int>(partCount * MagnitudeSelection.LastBins);
        using var threshold = new SimulatedArray<float>(1);
        fixed (float* m = memory)
        {
            TensorSegments segments = SelectionCase.Segments(m, lengths, gap);
            using var rows = new SimulatedArray<long>(segments.DeviceTable(out nint anchor, out long span));
            using var device = SimulatedArray<float>.Over((float*)anchor, span);
            int count = segments.Count;
            for (int digit = 0; digit < 3; digit++)
            {
                int now = digit;
                KernelSimulator.Run(new(groups, threads), () => MagnitudeSelection.HistogramKernel(device.View, rows.View, work.View, parts.View, count, 2, now, k));
            }
            KernelSimulator.Run(new(1, threads), () => MagnitudeSelection.ThresholdKernel(work.View, threshold.View, k));
            KernelSimulator.Run(new(groups, threads), () => MagnitudeSelection.MaskKernel(device.View, rows.View, work.View, parts.View, count, 2));
        }
        return (threshold.Span[0], SelectionCase.Masks(memory, values, lengths, gap));
    }

    [Theory, MemberData(nameof(Cases))]
    public void SelectsWhatAStableSortDoes(string kind, string segmentLengths)
    {
        long[] lengths = SelectionCase.Parse(segmentLengths);
        float[] values = SelectionCase.Values(kind, (int)lengths.Sum());
        int way = 0;
        foreach (long k in new long[] { 1, values.Length / 3, values.Length }.Where(k => k > 0).Distinct())
        {
            // As many groups as parts, fewer, and more.
            var (groups, threads, parts) = new[] { (3, 64, 3), (2, 32, 5), (3, 96, 1) }[way++ % 3];
            var expected = SelectionCase.Expected(values, k);
            var (threshold, mask) = Kernels(values, lengths, k, gap: (int)(k % 3), groups, threads, parts);
            Assert.Equal(expected.Threshold, threshold);
            Assert.Equal(expected.Mask, mask);
        }
    }

    /// <summary>Four chunks in three parts, all ties: the cut lies in the first, a middle and the last chunk.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(8192)]
    [InlineData(9000)]
    [InlineData(16_000)]
    public void TiesAcrossPartsKeepTheirOrder(long k)
    {
        float[] values = [.. Enumerable.Repeat(-2f, 16_001)];
        values[5] = values[12_000] = 1;
        values[300] = 7;
        var expected = SelectionCase.Expected(values, k);
        var (threshold, mask) = Kernels(values, [16_001], k, gap: 0, groups: 3, threads: 64, partCount: 3);
        Assert.Equal(expected.Threshold, threshold);
        Assert.Equal(expected.Mask, mask);
    }

    /// <summary>A tensor and its mask three billion elements behind the anchor.</summary>
    [Fact]
    public void ReachesElementsBeyondTwoToThe31()
    {
        const long start = 3_000_000_000;
        float[] values = Samples.Uniform(70, 7);
        using var memory = SimulatedArray<float>.Window(start + 142, start, [.. values, 9, 9, .. new float[70]]);
        using var rows = new SimulatedArray<long>([0, 70, start, start + 72, 1, 0, 0, 0]);
        using var work = new SimulatedArray<long>(new long[MagnitudeSelection.WorkLength]);
        using var parts = new SimulatedArray<int>(MagnitudeSelection.LastBins);
        using var threshold = new SimulatedArray<float>(1);
        for (int digit = 0; digit < 3; digit++)
        {
            int now = digit;
            KernelSimulator.Run(new(1, 32), () => MagnitudeSelection.HistogramKernel(memory.View, rows.View, work.View, parts.View, 1, 2, now, 20));
        }
        KernelSimulator.Run(new(1, 32), () => MagnitudeSelection.ThresholdKernel(work.View, threshold.View, 20));
        KernelSimulator.Run(new(1, 32), () => MagnitudeSelection.MaskKernel(memory.View, rows.View, work.View, parts.View, 1, 2));
        var expected = SelectionCase.Expected(values, 20);
        Assert.Equal(expected.Threshold, threshold.Span[0]);
        Assert.Equal([.. values, 9, 9, .. expected.Mask], memory.Span.ToArray());
    }

    /// <summary>Five billionth of six billion elements: the counts are of 64 bits.</summary>
    [Fact]
    public void CountsBeyondTwoToThe31()
    {
        const int last = 8 + 2 * MagnitudeKey.MaxBins;
        var counts = new long[MagnitudeSelection.WorkLength];
        (counts[4], counts[5]) = (MagnitudeKey.Of(0.75f) >> 10, 5_000_000_000);
        (counts[last + 900], counts[last + 7]) = (3_000_000_000, 3_000_000_000);
        using var work = new SimulatedArray<long>(counts);
        using var threshold = new SimulatedArray<float>(1);
        KernelSimulator.Run(new(1, 64), () => MagnitudeSelection.ThresholdKernel(work.View, threshold.View, 5_500_000_000));
        Assert.Equal(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(0.75f) | 7), threshold.Span[0]);
        Assert.Equal(2_000_000_000, work.Span[7]);
    }
}
