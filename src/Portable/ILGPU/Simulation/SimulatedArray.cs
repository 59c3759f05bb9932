using ILGPU;

namespace Lacuna.Portable.Simulation;

/// <summary>
/// Device memory of the simulator: an array that kernels reach through <see cref="View"/> and the host through <see cref="Span"/>.
/// Views of it are invalid once it is disposed.
/// </summary>
public sealed unsafe class SimulatedArray<T> : IDisposable where T : unmanaged
{
    private readonly MemoryRegion region;

    /// <summary>An array holding a copy of <paramref name="values"/>.</summary>
    public SimulatedArray(ReadOnlySpan<T> values) : this(values.Length, 0, values) { }

    /// <summary>An array of <paramref name="length"/> elements with every bit set (NaN for floating point), so that what a kernel leaves out shows.</summary>
    public SimulatedArray(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        region = new((long)length * sizeof(T));
        View = new(region.Start, length, region.Number);
        new Span<byte>(region.Start, (int)region.Bytes).Fill(0xff);
    }

    private SimulatedArray(long length, long first, ReadOnlySpan<T> values)
    {
        region = new((long)values.Length * sizeof(T));
        View = new(region.Start - first * sizeof(T), length, region.Number);
        values.CopyTo(Span);
    }

    private SimulatedArray(T* start, long length)
    {
        region = new(start, length * sizeof(T));
        View = new(region.Start, length, region.Number);
    }

    /// <summary>An array in memory that belongs to someone else, such as a tensor's; it must outlive the array.</summary>
    public static SimulatedArray<T> Over(T* start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new(start, length);
    }

    /// <summary>
    /// An array of <paramref name="length"/> elements of which only those from <paramref name="first"/> on have memory, as many as
    /// <paramref name="values"/>; touching any other is an error. For indices beyond what the machine's memory could hold.
    /// </summary>
    public static SimulatedArray<T> Window(long length, long first, ReadOnlySpan<T> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, length - values.Length);
        return new(length, first, values);
    }

    public ArrayView<T> View { get; }

    /// <summary>The elements that have memory.</summary>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(region.Start == null, this);
            return new(region.Start, (int)(region.Bytes / sizeof(T)));
        }
    }

    public void Dispose() => region.Dispose();
}
