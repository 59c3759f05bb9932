namespace Lacuna.Models.Checkpoints;

/// <summary>A tensor's elements in its storage, by sizes and strides; the bounds have been checked.</summary>
internal readonly struct StridedView
{
    private readonly long[] _strides;
    private readonly long _begin;
    private readonly int _elementSize;

    public StridedView(TorchTensor tensor)
    {
        Shape = Array.ConvertAll(tensor.Shape, size => (long)size!);
        _strides = Array.ConvertAll(tensor.Strides, stride => (long)stride!);
        _begin = tensor.Begin;
        _elementSize = tensor.Storage.Type.ByteSize();
        Int128 bytes = (Int128)ElementTypes.ElementCount(Shape)!.Value * _elementSize;
        ByteLength = bytes <= long.MaxValue ? (long)bytes : long.MaxValue;
    }

    public long[] Shape { get; }

    public long ByteLength { get; }

    /// <summary>Whether the elements lie side by side in row-major order. A dimension of one has no stride to speak of.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int d = Shape.Length - 1; d >= 0 && ByteLength > 0; d--)
            {
                if (Shape[d] != 1 && _strides[d] != expected)
                {
                    return false;
                }
                expected *= Shape[d];
            }
            return true;
        }
    }

    public ReadOnlyMemory<byte> Slice(byte[] storage) =>
        storage.AsMemory((int)(_begin * _elementSize), (int)ByteLength);

    public byte[] Copy(ReadOnlySpan<byte> storage)
    {
        var bytes = new byte[ByteLength];
        var index = new long[Shape.Length];
        long element = _begin;
        for (int at = 0; at < bytes.Length; at += _elementSize)
        {
            storage.Slice((int)(element * _elementSize), _elementSize).CopyTo(bytes.AsSpan(at));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                element += _strides[d];
                if (++index[d] < Shape[d])
                {
                    break;
                }
                element -= Shape[d] * _strides[d];
                index[d] = 0;
            }
        }
        return bytes;
    }
}
