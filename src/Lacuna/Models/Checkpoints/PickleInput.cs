using System.Buffers.Binary;

namespace Lacuna.Models.Checkpoints;

/// <summary>The bytes of a pickle, or of several in a row, inside a file: knows where it stands, and ends where it must.</summary>
internal sealed class PickleInput
{
    private readonly byte[] _bytes;
    private readonly long _fileOffset;
    private readonly bool _cut;

    private PickleInput(byte[] bytes, string path, long fileOffset, bool cut) =>
        (_bytes, Path, _fileOffset, _cut) = (bytes, path, fileOffset, cut);

    /// <summary>For messages.</summary>
    public string Path { get; }

    /// <summary>Bytes from the beginning of the file.</summary>
    public long Offset => _fileOffset + Position;

    /// <summary>Bytes from the beginning of the pickle.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that follow.</summary>
    public int Left => _bytes.Length - Position;

    /// <summary>Takes up to <paramref name="most"/> bytes from the stream's position on; a pickle of known length gives that.</summary>
    /// <param name="cap">What is longer is cut there, and refused when it is read that far.</param>
    public static PickleInput Take(Stream file, string path, long most, int cap)
    {
        long offset = file.Position;
        long left = Math.Min(most, file.Length - offset);
        var bytes = new byte[Math.Min(left, cap)];
        file.ReadExactly(bytes);
        return new PickleInput(bytes, path, offset, left > cap);
    }

    public byte ReadByte()
    {
        if (Position == _bytes.Length)
        {
            throw Ended();
        }
        return _bytes[Position++];
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(8));

    public ReadOnlySpan<byte> ReadBytes(ulong length) => ReadMemory(length).Span;

    /// <summary>The next bytes where they lie, not a copy.</summary>
    public ReadOnlyMemory<byte> ReadMemory(ulong length)
    {
        if (length > (ulong)Left)
        {
            throw Ended();
        }
        ReadOnlyMemory<byte> bytes = _bytes.AsMemory(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>The bytes up to the next line feed, without it.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        int length = _bytes.AsSpan(Position).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Ended();
        }
        ReadOnlySpan<byte> line = ReadBytes((uint)length);
        Position++;
        return line;
    }

    public CheckpointException Fail(long offset, string problem) => new(Path, offset, problem);

    private CheckpointException Ended() => _cut
        ? Fail(_fileOffset + _bytes.Length, $"the pickle goes on beyond {_bytes.Length} bytes, more than the state dict of any network this engine knows. Save the state dict alone.")
        : Fail(_fileOffset + _bytes.Length, "ends inside its pickle. It is truncated: download or save it again.");
}
