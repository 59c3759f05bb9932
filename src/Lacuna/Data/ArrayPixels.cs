using System.Buffers;

namespace Lacuna.Data;

/// <summary>Pixels in an array, which must not be changed afterwards.</summary>
public sealed class ArrayPixels(byte[] bytes) : PixelStore
{
    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, bytes.Length);
        return bytes.AsSpan((int)offset, length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin() => new Memory<byte>(bytes).Pin();
}
