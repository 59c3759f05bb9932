using ILGPU.Runtime;
using Lacuna.Portable.Simulation;

namespace ILGPU;

/// <summary>
/// A window on an array of <typeparamref name="T"/> in simulated device memory. The view owns nothing and may travel inside kernel structs.
/// Every access checks that the index lies in the view and that the memory behind it is still there.
/// </summary>
public readonly unsafe struct ArrayView<T> where T : unmanaged
{
    private readonly byte* start;
    private readonly long length;
    private readonly long region;

    internal ArrayView(byte* start, long length, long region)
    {
        this.start = start;
        this.length = length;
        this.region = region;
    }

    public static int ElementSize => sizeof(T);
    public static ArrayView<T> Empty => default;

    public bool IsValid => start != null;
    public LongIndex1D Extent => new(length);
    public Index1D IntExtent => new(IntLength);
    public Stride1D.Dense Stride => default;
    public long Length => length;
    public long LengthInBytes => length * sizeof(T);

    public int IntLength => length <= int.MaxValue
        ? (int)length
        : throw KernelFaultException.At(KernelFault.OutOfRange, $"IntLength cannot hold the view's {length} elements; use Length", length: length);

    public ref T this[int index] => ref Element(index);
    public ref T this[long index] => ref Element(index);
    public ref T this[Index1D index] => ref Element(index.X);
    public ref T this[LongIndex1D index] => ref Element(index.X);

    public ArrayView<T> SubView(long index) => SubView(index, length - index);
    public ArrayView<T> SubView(int index, int subViewLength) => SubView((long)index, subViewLength);

    public ArrayView<T> SubView(long index, long subViewLength)
    {
        if (index < 0 || subViewLength < 0 || index > length - subViewLength)
            throw KernelFaultException.At(KernelFault.OutOfRange, $"a sub-view of {subViewLength} elements at {index} leaves the view of {length}", index, length);
        return new(start + index * sizeof(T), subViewLength, region);
    }

    /// <summary>The same bytes as elements of another type; a remainder too small for one element is left out.</summary>
    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged => new(start, LengthInBytes / sizeof(TOther), region);

    public static implicit operator ArrayView1D<T, Stride1D.Dense>(ArrayView<T> view) => new(view, view.Extent, default);
    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;

    private ref T Element(long index)
    {
        if ((ulong)index >= (ulong)length)
            throw KernelFaultException.At(KernelFault.OutOfRange, $"index {index} is outside a view of {length} elements", index, length);
        byte* address = start + index * sizeof(T);
        MemoryRegion.Require(region, address, sizeof(T), index, length);
        // A device loads 2, 4, 8 or 16 bytes only from a multiple of as many.
        if (sizeof(T) is 2 or 4 or 8 or 16 && (nuint)address % (nuint)sizeof(T) != 0)
            throw KernelFaultException.At(KernelFault.Misaligned, $"{typeof(T).Name} of {sizeof(T)} bytes at index {index} of a view that does not begin at a multiple of {sizeof(T)} bytes", index, length);
        return ref *(T*)address;
    }
}
