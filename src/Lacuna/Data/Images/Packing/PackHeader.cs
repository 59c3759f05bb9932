using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lacuna.Data.Images.Packing;

/// <summary>
/// The first 4096 bytes of a pack. All numbers little-endian: "LACUNAPK", int32 version, channels, height, width, training images, test images, int64 offset
/// and length of the tables, then five SHA-256: the training set's content, the test set's, the tables, the key, and all of the header before it.
/// Behind the header lie the pixels, uint8 [training images then test images, channels, height, width], behind them the tables.
/// </summary>
internal sealed record PackHeader(
    ImageShape Shape, int TrainCount, int TestCount, long TablesOffset, int TablesLength, string TrainHash, string TestHash, string TablesHash, string Key)
{
    /// <summary>Changes whenever the same files would be packed otherwise.</summary>
    public const int Version = 1;

    /// <summary>Bytes before the pixels: a page, so that they are mapped from a page's start.</summary>
    public const int Size = 4096;

    private const int HashesAt = 48;
    private const int HashSize = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "LACUNAPK"u8;

    /// <summary>Bytes of all pixels.</summary>
    public long PixelsLength => (long)(TrainCount + TestCount) * Shape.Length;

    /// <summary>Reads and checks a header against the file it stands in.</summary>
    /// <exception cref="DataFileException">It is damaged, of another version, or the file has not the length it tells.</exception>
    public static PackHeader Read(ReadOnlySpan<byte> bytes, long fileLength, string path)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) throw new DataFileException(path, "is no pack of images, or truncated. Remove it.");
        var version = Int(bytes, 8);
        if (version != Version) throw new DataFileException(path, $"is a pack of version {version}; this build reads version {Version}. Remove it.");
        var signed = HashesAt + 4 * HashSize;
        if (!SHA256.HashData(bytes[..signed]).AsSpan().SequenceEqual(bytes.Slice(signed, HashSize))) throw new DataFileException(path, "its header is damaged. Remove it.");
        string Hash(ReadOnlySpan<byte> from, int index) => Convert.ToHexStringLower(from.Slice(HashesAt + index * HashSize, HashSize));
        var header = new PackHeader(new(Int(bytes, 12), Int(bytes, 16), Int(bytes, 20)), Int(bytes, 24), Int(bytes, 28), BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[40..])), Hash(bytes, 0), Hash(bytes, 1), Hash(bytes, 2), Hash(bytes, 3));
        if (header.TablesOffset != Size + header.PixelsLength || fileLength != header.TablesOffset + header.TablesLength)
            throw new DataFileException(path, $"has {fileLength} bytes where its header tells of {header.TablesOffset + header.TablesLength}. It is truncated: remove it.");
        return header;
    }

    /// <summary>The header's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        ReadOnlySpan<int> numbers = [Version, Shape.Channels, Shape.Height, Shape.Width, TrainCount, TestCount];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + i * 4), numbers[i]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), TablesOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), TablesLength);
        ReadOnlySpan<string> hashes = [TrainHash, TestHash, TablesHash, Key];
        for (var i = 0; i < hashes.Length; i++) Convert.FromHexString(hashes[i]).CopyTo(bytes, HashesAt + i * HashSize);
        var signed = HashesAt + hashes.Length * HashSize;
        SHA256.HashData(bytes.AsSpan(0, signed)).CopyTo(bytes, signed);
        return bytes;
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
