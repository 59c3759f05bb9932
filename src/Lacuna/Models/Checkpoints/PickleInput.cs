using System.Buffers.Binary;

namespace Lacuna.Models.Checkpoints;

/// <summary>The bytes of one pickle inside a file: knows where it stands, and ends where it must.</summary>
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

    /// <summary>Takes up to <paramref name="most"/> bytes from the stream's position on; a pickle of known length gives that.</summary>
    public static PickleInput Take(Stream file, string path, long most)
    {
        long offset = file.Position;
        long left = file.Length - offset;
        var bytes = new byte[Math.Min(Math.Min(most, left), PickleReader.MostBytes)];
        file.ReadExactly(bytes);
        return new PickleInput(bytes, path, offset, Math.Min(most, left) > PickleReader.MostBytes);
    }

    public byte ReadByte() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(8));

    public ReadOnlySpan<byte> ReadBytes(uint length)
    {
        if (length > _bytes.Length - Position)
        {
            throw Ended();
        }
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(Position, (int)length);
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
        ? Fail(_fileOffset + _bytes.Length, $"the pickle goes on beyond {PickleReader.MostBytes} bytes, more than the state dict of any network this engine knows. Save the state dict alone.")
        : Fail(_fileOffset + _bytes.Length, "ends inside its pickle. It is truncated: download or save it again.");
}
