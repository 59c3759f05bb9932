using Lacuna.Kernels;
#if PORTABLE_KERNELS
using Lacuna.Portable.Simulation;
#endif
using System.Runtime.InteropServices;

namespace Kernels.Tests;

/// <summary>
/// Tensors of several fields in one piece of memory, apart from each other by at least one number that must stay as it is.
/// Where the shift is 0 every field begins at a multiple of 16 bytes, where it is 1 to 3 none does; with -1 the fields differ.
/// </summary>
internal sealed unsafe class SegmentMemory : IDisposable
{
    internal const float Guard = 123.25f;

    private readonly long[] lengths;
    private readonly int fields;
    private readonly List<int> starts = [];
    private readonly float* memory;
    private readonly int size;

    internal SegmentMemory(long[] lengths, int fields, int shift = 0)
    {
        (this.lengths, this.fields) = (lengths, fields);
        int at = 4;
        foreach (long length in lengths)
            for (int field = 0; field < fields; field++)
            {
                starts.Add(at + (shift < 0 ? field % 4 : shift));
                at += ((int)length + 11) / 4 * 4;
            }
        size = at;
        memory = (float*)NativeMemory.AlignedAlloc((nuint)size * sizeof(float), 64);
        All.Fill(Guard);
    }

    internal static long[] Parse(string lengths) => [.. lengths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    internal Span<float> All => new(memory, size);

    internal int Count => lengths.Length;

    internal Span<float> this[int segment, int field] => All.Slice(starts[segment * fields + field], (int)lengths[segment]);

    internal TensorSegments Segments =>
        new(fields, [.. starts.Select(start => (nint)(memory + start))], lengths);

    /// <summary>Fills one field of every segment.</summary>
    internal SegmentMemory With(int field, Func<int, uint, float[]> draw, uint seed)
    {
        for (int s = 0; s < Count; s++)
            draw((int)lengths[s], seed + (uint)s * 17).CopyTo(this[s, field]);
        return this;
    }

    internal SegmentMemory Clone(int shift)
    {
        var copy = new SegmentMemory(lengths, fields, shift);
        for (int s = 0; s < Count; s++)
            for (int field = 0; field < fields; field++)
                this[s, field].CopyTo(copy[s, field]);
        return copy;
    }

    /// <summary>A field of all segments, one after the other, and a check that nothing between the fields was touched.</summary>
    internal float[] Field(int field)
    {
        var inside = new bool[size];
        for (int k = 0; k < starts.Count; k++)
            inside.AsSpan(starts[k], (int)lengths[k / fields]).Fill(true);
        for (int i = 0; i < size; i++)
            if (!inside[i] && memory[i] != Guard)
                Assert.Fail($"Number {i} between the tensors was overwritten with {memory[i]}.");
        return [.. Enumerable.Range(0, Count).SelectMany(s => this[s, field].ToArray())];
    }

#if PORTABLE_KERNELS
    /// <summary>The views and the table that a kernel gets.</summary>
    internal void OnDevice(Action<ILGPU.ArrayView<float>, ILGPU.ArrayView<long>, long> launch)
    {
        long[] table = Segments.DeviceTable(out nint anchor, out long span);
        using var device = SimulatedArray<float>.Over((float*)anchor, span);
        using var rows = new SimulatedArray<long>(table);
        launch(device.View, rows.View, Count);
    }
#endif

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
