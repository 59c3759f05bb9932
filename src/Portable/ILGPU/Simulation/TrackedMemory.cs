using ILGPU;
using System.Runtime.CompilerServices;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// Shared memory of a group or local memory of a thread, with a record for every byte of who wrote it and who read it last.
/// The record is by address, so it holds through sub-views and casts.
/// </summary>
internal sealed unsafe class TrackedMemory(string kind) : IDisposable
{
    /// <summary>What every CUDA device gives a group without asking, in bytes.</summary>
    private const int Capacity = 48 * 1024;
    private const int Alignment = 16;

    private readonly MemoryRegion region = new(Capacity);
    private MemoryTrace[] traces = [];
    private readonly Dictionary<int, (int Offset, Type Element, int Extent)> allocations = [];
    private int used;

    internal bool Contains(void* address) => region.Contains(address, 1);

    /// <summary>Forgets everything that was allocated, written and read.</summary>
    internal void Reset()
    {
        traces.AsSpan().Clear();
        allocations.Clear();
        used = 0;
    }

    /// <summary>The allocation that belongs to a place in the code: made by the first thread that comes by, the same for all others.</summary>
    internal ArrayView<T> Allocate<T>(int site, int extent) where T : unmanaged
    {
        if (!allocations.TryGetValue(site, out var allocation))
        {
            int offset = (used + Alignment - 1) / Alignment * Alignment;
            if (extent < 1 || offset + (long)extent * sizeof(T) > Capacity)
                throw KernelFaultException.At(KernelFault.Failed, $"{extent} elements of {sizeof(T)} bytes of {kind} memory do not fit: {used} of {Capacity} bytes are taken");
            allocations[site] = allocation = (offset, typeof(T), extent);
            used = offset + extent * sizeof(T);
            if (used > traces.Length)
                Array.Resize(ref traces, used);
        }
        if (allocation.Element != typeof(T) || allocation.Extent != extent)
            throw KernelFaultException.At(KernelFault.Failed, $"{kind} memory of {extent} {typeof(T).Name} here, of {allocation.Extent} {allocation.Element.Name} for another thread");
        return new(region.Start + allocation.Offset, extent, region.Number);
    }

    internal void Read<T>(Lane lane, ref T element, bool atomic)
    {
        Span<MemoryTrace> touched = Traces(ref element);
        int unwritten = 0;
        foreach (ref MemoryTrace trace in touched)
        {
            if (!trace.IsWritten)
                unwritten++;
            else if (trace.LastWrite.ConflictsWith(lane, atomic))
                throw Race(lane, "reads", ref element, "wrote", trace.LastWrite);
            trace.NoteRead(new(lane, atomic));
        }
        // A struct may have padding that no field's write reaches, so a part of it is enough.
        if (unwritten == touched.Length || unwritten > 0 && typeof(T).IsPrimitive)
            throw KernelFaultException.Of(lane, KernelFault.UnwrittenRead, $"reads {kind} memory at byte {Offset(ref element)} that nothing was written to");
    }

    internal void Write<T>(Lane lane, ref T element, T value, bool atomic)
    {
        var before = new ReadOnlySpan<byte>(Unsafe.AsPointer(ref element), Unsafe.SizeOf<T>());
        // Threads that write the same value do not disturb each other.
        bool changes = !before.SequenceEqual(new(Unsafe.AsPointer(ref value), Unsafe.SizeOf<T>()));
        foreach (ref MemoryTrace trace in Traces(ref element))
        {
            if (changes && trace.LastWrite.ConflictsWith(lane, atomic))
                throw Race(lane, "writes", ref element, "wrote", trace.LastWrite);
            if (trace.ConflictingRead(lane, atomic) is { } read)
                throw Race(lane, "writes", ref element, "read", read);
            trace.LastWrite = new(lane, atomic);
        }
        element = value;
    }

    public void Dispose() => region.Dispose();

    private KernelFaultException Race<T>(Lane lane, string does, ref T element, string did, MemoryAccess other) =>
        KernelFaultException.Of(lane, KernelFault.Race,
            $"{does} {kind} memory at byte {Offset(ref element)} that thread {lane.Group.Lanes[other.Thread].Index} {did} with no barrier in between");

    private int Offset<T>(ref T element) => (int)((byte*)Unsafe.AsPointer(ref element) - region.Start);
    private Span<MemoryTrace> Traces<T>(ref T element) => traces.AsSpan(Offset(ref element), Unsafe.SizeOf<T>());
}
