using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests;

/// <summary>
/// One segment of three billion elements of which only the last chunk has memory, field after field; for what a kernel does beyond 2^31.
/// Run the group that takes the last chunk of a grid of as many groups as chunks.
/// </summary>
internal sealed class DistantChunk : IDisposable
{
    private const int Stride = 304;

    /// <summary>Elements of the last chunk.</summary>
    internal const int Length = 301;

    /// <summary>Chunks of the segment.</summary>
    internal const int Chunks = 732_422;

    private const long Elements = (Chunks - 1L) * SegmentTable.ChunkSize + Length;

    internal DistantChunk(float[][] fields)
    {
        var window = new float[fields.Length * Stride];
        var table = new List<long> { 0, Elements };
        for (int field = 0; field < fields.Length; field++)
        {
            fields[field].CopyTo(window, field * Stride);
            table.Add(field * Stride);
        }
        table.AddRange(new long[SegmentTable.Width(fields.Length)]);
        table[SegmentTable.Width(fields.Length)] = Chunks;
        long first = (Chunks - 1L) * SegmentTable.ChunkSize;
        Memory = SimulatedArray<float>.Window(first + window.Length, first, window);
        Table = new([.. table]);
    }

    internal SimulatedArray<float> Memory { get; }

    internal SimulatedArray<long> Table { get; }

    internal float[] Field(int field) => Memory.Span.Slice(field * Stride, Length).ToArray();

    internal static void Run(Action kernel) => KernelSimulator.Run(new(Chunks, 64), kernel, [new ILGPU.Index3D(Chunks - 1, 0, 0)]);

    public void Dispose()
    {
        Memory.Dispose();
        Table.Dispose();
    }
}
