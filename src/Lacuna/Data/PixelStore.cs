using System.Buffers;

namespace Lacuna.Data;

/// <summary>Where the bytes of an image set lie: in memory, or in a file mapped into it. Offsets have 64 bits, because sets of photographs go beyond 2 GiB.</summary>
public abstract class PixelStore
{
    /// <summary>Bytes altogether.</summary>
    public abstract long Length { get; }

    /// <summary>Some of the bytes, valid as long as the store.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside the store.</exception>
    public abstract ReadOnlySpan<byte> Slice(long offset, int length);

    /// <summary>The address of all bytes, which stay there until the handle is disposed.</summary>
    public abstract MemoryHandle Pin();

    /// <summary>A copy of all bytes, of a store under 2 GiB.</summary>
    public byte[] ToArray() => Slice(0, checked((int)Length)).ToArray();
}
