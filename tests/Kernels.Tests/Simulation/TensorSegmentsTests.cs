using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed unsafe class TensorSegmentsTests
{
    /// <summary>Adds each segment's second field to its first, chunk by chunk, as kernels do.</summary>
    private static void Add(ArrayView<float> memory, ArrayView<long> table, long segments)
    {
        for (long chunk = Grid.IdxX; chunk < SegmentTable.Chunks(table, segments, 2); chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, 2, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long to = SegmentTable.Offset(table, row, 0) + first, from = SegmentTable.Offset(table, row, 1) + first;
            for (long i = Group.IdxX; i < count; i += Group.DimX)
                memory[to + i] += memory[from + i];
        }
    }

    public static TheoryData<string> Lengths => ["", "0", "1", "0 5 0 0 3", "4096", "4097 0 1 8192", "1 1 1 70000 2 0"];

    [Theory, MemberData(nameof(Lengths))]
    public void BothWaysReachEveryElementOnce(string segmentLengths)
    {
        long[] lengths = [.. segmentLengths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        // Segment after segment, both fields of each, with one float between them that must stay.
        long total = lengths.Sum(length => 2 * (length + 1)) + 1;
        var start = Samples.Uniform((int)total, 1);
        float[] byKernel = [.. start], byCpu = [.. start], expected = [.. start];
        var places = new List<(long To, long From, long Length)>();
        long at = 1;
        foreach (long length in lengths)
        {
            places.Add((at, at + length + 1, length));
            at += 2 * (length + 1);
        }
        foreach (var (to, from, length) in places)
            for (long i = 0; i < length; i++)
                expected[to + i] += expected[from + i];

        fixed (float* memory = byCpu)
        {
            TensorSegments segments = Over(memory, places);
            Assert.Equal(lengths.Sum(), segments.Elements);
            segments.Run((segment, first, count) =>
            {
                for (long i = first; i < first + count; i++)
                    segments.Pointer(segment, 0)[i] += segments.Pointer(segment, 1)[i];
            });
        }
        Assert.Equal(expected, byCpu);

        fixed (float* memory = byKernel)
        {
            TensorSegments segments = Over(memory, places);
            long[] table = segments.DeviceTable(out nint anchor, out long span);
            Assert.Equal(0, anchor % 16);
            using var device = SimulatedArray<float>.Over((float*)anchor, span);
            using var rows = new SimulatedArray<long>(table);
            int count = segments.Count;
            KernelSimulator.Run(new(3, 32), () => Add(device.View, rows.View, count));
            Assert.Equal(table[^4], segments.Chunks);
        }
        Assert.Equal(expected, byKernel);
    }

    private static TensorSegments Over(float* memory, List<(long To, long From, long Length)> places) =>
        new(2, [.. places.SelectMany(p => new[] { (nint)(memory + p.To), (nint)(memory + p.From) })], [.. places.Select(p => p.Length)]);

    [Fact]
    public void WhatIsNoFloat32IsRefused()
    {
        Assert.Contains("multiple of 4", Assert.Throws<ArgumentException>(() => new TensorSegments(1, [6], [1])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorSegments(1, [8], [-1]));
        Assert.Throws<ArgumentException>(() => new TensorSegments(2, [8], [1]));
    }
}
