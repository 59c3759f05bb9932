using System.Runtime.InteropServices;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// A block of native memory that views point into. Views carry the region's number, not a reference, so that they stay plain data;
/// the table below turns the number back into the region and knows when it is gone.
/// </summary>
internal sealed unsafe class MemoryRegion : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Stack<int> Free = new();
    private static volatile MemoryRegion?[] table = new MemoryRegion?[64];
    private static int used = 1; // place 0 belongs to empty views
    private static int generation;
    private readonly bool isOwner;

    /// <summary>Cache-line aligned, as device allocations are aligned beyond any vector.</summary>
    private const int Alignment = 64;

    internal MemoryRegion(long bytes) : this((byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment), bytes, isOwner: true) { }

    /// <summary>Memory that stands already; only its owner frees it.</summary>
    internal MemoryRegion(void* start, long bytes) : this((byte*)start, bytes, isOwner: false) { }

    private MemoryRegion(byte* start, long bytes, bool isOwner)
    {
        Start = start;
        Bytes = bytes;
        this.isOwner = isOwner;
        lock (Gate)
        {
            int place = Free.TryPop(out int free) ? free : used++;
            Number = (long)++generation << 32 | (uint)place;
            if (place >= table.Length)
            {
                var larger = new MemoryRegion?[table.Length * 2];
                table.CopyTo(larger, 0);
                table = larger;
            }
            table[place] = this;
        }
    }

    ~MemoryRegion() => Release();

    /// <summary>Place in the table, and above it a count that tells a region from the place's earlier ones.</summary>
    internal long Number { get; }
    internal byte* Start { get; private set; }
    internal long Bytes { get; }

    internal bool Contains(void* address, int size) => address >= Start && (byte*)address + size <= Start + Bytes;

    /// <summary>Throws unless region <paramref name="number"/> still stands and holds the element at <paramref name="address"/>.</summary>
    internal static void Require(long number, void* address, int size, long index, long length)
    {
        if (table[(int)number] is not { } region || region.Number != number)
            throw KernelFaultException.At(KernelFault.FreedMemory, $"index {index} of a view of {length} elements whose memory was freed", index, length);
        if (!region.Contains(address, size))
            throw KernelFaultException.At(KernelFault.OutOfRange, $"index {index} of a view of {length} elements has no memory behind it", index, length);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        lock (Gate)
        {
            if (Start == null)
                return;
            table[(int)Number] = null;
            Free.Push((int)Number);
            if (isOwner)
                NativeMemory.AlignedFree(Start);
            Start = null;
        }
    }
}
