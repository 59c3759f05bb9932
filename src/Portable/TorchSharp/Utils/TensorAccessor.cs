using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a tensor in row-major order, whatever its strides. Writes reach the tensor when it is on the CPU; of a
/// tensor on another device this holds a copy. Keeps the memory alive; disposing of it frees the copy, not the tensor.
/// </summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor tensor;
    private readonly bool ownsTensor;
    private readonly bool contiguous;
    private readonly long[] sizes, strides;

    internal TensorAccessor(Tensor tensor)
    {
        ownsTensor = tensor.device_type != DeviceType.CPU;
        this.tensor = ownsTensor ? tensor.cpu().DetachFromDisposeScope() : tensor;
        contiguous = this.tensor.is_contiguous();
        sizes = this.tensor.shape;
        strides = this.tensor.stride();
        Count = this.tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get
        {
            var value = First[Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }
        set
        {
            First[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    // Asked anew each time: throws when the tensor was disposed of meanwhile.
    private T* First
    {
        get
        {
            Native.Check(Native.lt_data(tensor, out nint address));
            return (T*)address;
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        tensor.Read<T>(array);
        return array;
    }

    /// <summary>Copies the elements from <paramref name="tensorIndex"/> on, as many as fit into <paramref name="array"/> after <paramref name="arrayIndex"/>.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        int count = (int)Math.Min(target.Length, Count - Checked(tensorIndex));
        if (contiguous)
            new ReadOnlySpan<T>(First + tensorIndex, count).CopyTo(target);
        else
            for (int i = 0; i < count; i++)
                target[i] = First[OffsetOf(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Overwrites elements from <paramref name="tensorIndex"/> on with those of <paramref name="array"/> from <paramref name="arrayIndex"/> on.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        int count = (int)Math.Min(source.Length, Count - Checked(tensorIndex));
        if (contiguous)
            source[..count].CopyTo(new Span<T>(First + tensorIndex, count));
        else
            for (int i = 0; i < count; i++)
                First[OffsetOf(tensorIndex + i)] = source[i];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        if (ownsTensor)
            tensor.Dispose();
    }

    private long Checked(long tensorIndex) => tensorIndex >= 0 && tensorIndex <= Count
        ? tensorIndex
        : throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"The tensor has {Count} elements.");

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && sizes.Length != 1)
            return indices[0] >= 0 && indices[0] < Count
                ? OffsetOf(indices[0])
                : throw new ArgumentOutOfRangeException(nameof(indices), indices[0], $"The tensor has {Count} elements.");
        if (indices.Length != sizes.Length)
            throw new ArgumentException($"{indices.Length} indices for {sizes.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (int d = 0; d < sizes.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= sizes[d])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[d], $"Dimension {d} has {sizes[d]} elements.");
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    // Row-major position to distance from the first element.
    private long OffsetOf(long position)
    {
        if (contiguous)
            return position;
        long offset = 0;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            (position, long index) = Math.DivRem(position, sizes[d]);
            offset += index * strides[d];
        }
        return offset;
    }
}
