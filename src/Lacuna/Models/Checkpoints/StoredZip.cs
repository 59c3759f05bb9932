using System.Buffers.Binary;
using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>Reads zip archives of uncompressed files, the only kind torch.save writes (PKWARE APPNOTE 6.3, zip64 included).</summary>
/// <remarks>Our own and not System.IO.Compression's, because a hostile archive must be refused with its offset before memory is taken: nothing
/// compressed, so no bomb; no two entries over the same bytes; a bounded number of entries; no length beyond the file.</remarks>
internal sealed class StoredZip
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const int LocalLength = 30;
    private const int CentralLength = 46;
    private const int EndLength = 22;
    private const int Zip64EndLength = 56;
    private const int Zip64LocatorLength = 20;
    private const int MostEntries = 100_000;
    private const int MostDirectoryBytes = 32 << 20;

    private readonly Stream _file;
    private readonly string _path;
    private readonly Dictionary<string, ZipEntry> _entries = [];

    /// <summary>Reads the archive's directory.</summary>
    /// <exception cref="CheckpointException">The archive is damaged, or has what no torch.save writes.</exception>
    public StoredZip(Stream file, string path)
    {
        (_file, _path) = (file, path);
        (long offset, long length, ulong count) = FindDirectory();
        if (count > MostEntries || length > MostDirectoryBytes)
        {
            throw Fail(offset, $"the zip directory has {count} entries in {length} bytes; at most {MostEntries} in {MostDirectoryBytes} are read. It is no checkpoint, or damaged.");
        }
        List<ZipEntry> entries = ReadDirectory(ReadAt(offset, (int)length), offset, (int)count);
        SetLimits(entries, offset);
    }

    /// <summary>Every entry's name.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Puts the stream at an entry's first byte.</summary>
    /// <returns>Its length.</returns>
    public long Seek(string name)
    {
        if (!_entries.TryGetValue(name, out ZipEntry entry))
        {
            throw new CheckpointException(_path, $"the zip archive has no entry '{name}'. The file is damaged: download or save it again.");
        }
        byte[] local = ReadAt(entry.HeaderOffset, LocalLength);
        // What local header and directory both say of lengths is taken from the directory alone.
        long start = entry.HeaderOffset + LocalLength + U16(local, 26) + U16(local, 28);
        if (U32(local, 0) != LocalSignature || start + entry.Length > entry.Limit)
        {
            throw Fail(entry.HeaderOffset, $"the zip entry '{name}' of {entry.Length} bytes has no header there, or goes into what follows it. The file is damaged: download or save it again.");
        }
        _file.Position = start;
        return entry.Length;
    }

    private (long Offset, long Length, ulong Count) FindDirectory()
    {
        int tailLength = (int)Math.Min(_file.Length, EndLength + ushort.MaxValue);
        long tailOffset = _file.Length - tailLength;
        byte[] tail = ReadAt(tailOffset, tailLength);
        int end = tailLength - EndLength;
        while (end >= 0 && U32(tail, end) != EndSignature)
        {
            end--;
        }
        if (end < 0)
        {
            throw Fail(_file.Length, "the zip archive has no end record. It is truncated: download or save it again.");
        }
        (ulong count, ulong length, ulong offset) = (U16(tail, end + 10), U32(tail, end + 12), U32(tail, end + 16));
        long endOffset = tailOffset + end;
        if (count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue)
        {
            (count, length, offset, endOffset) = FindZip64(endOffset);
        }
        return offset <= (ulong)endOffset && length <= (ulong)endOffset - offset
            ? ((long)offset, (long)length, count)
            : throw Fail(endOffset, $"the zip directory of {length} bytes at offset {offset} does not fit before its end record. The file is damaged: download or save it again.");
    }

    private (ulong Count, ulong Length, ulong Offset, long EndOffset) FindZip64(long endOffset)
    {
        if (endOffset >= Zip64LocatorLength)
        {
            byte[] locator = ReadAt(endOffset - Zip64LocatorLength, Zip64LocatorLength);
            ulong at = U64(locator, 8);
            if (U32(locator, 0) == Zip64LocatorSignature && at <= (ulong)endOffset && endOffset - (long)at >= Zip64EndLength)
            {
                byte[] record = ReadAt((long)at, Zip64EndLength);
                if (U32(record, 0) == Zip64EndSignature)
                {
                    return (U64(record, 32), U64(record, 40), U64(record, 48), (long)at);
                }
            }
        }
        throw Fail(endOffset, "the zip archive is too large for its end record, but has no zip64 record. The file is damaged: download or save it again.");
    }

    private List<ZipEntry> ReadDirectory(byte[] directory, long offset, int count)
    {
        var entries = new List<ZipEntry>();
        int at = 0;
        while (entries.Count < count)
        {
            if (directory.Length - at < CentralLength || U32(directory, at) != CentralSignature)
            {
                throw Fail(offset + at, $"the zip directory ends after {entries.Count} of {count} entries. The file is damaged: download or save it again.");
            }
            int nameLength = U16(directory, at + 28);
            int extraLength = U16(directory, at + 30);
            int next = at + CentralLength + nameLength + extraLength + U16(directory, at + 32);
            if (next > directory.Length)
            {
                throw Fail(offset + at, "a zip entry's name goes beyond the directory. The file is damaged: download or save it again.");
            }
            string name = Encoding.UTF8.GetString(directory, at + CentralLength, nameLength);
            ReadOnlySpan<byte> extra = directory.AsSpan(at + CentralLength + nameLength, extraLength);
            entries.Add(ReadEntry(name, directory.AsSpan(at, CentralLength), extra, offset + at));
            at = next;
        }
        return entries;
    }

    private ZipEntry ReadEntry(string name, ReadOnlySpan<byte> record, ReadOnlySpan<byte> extra, long offset)
    {
        if (U16(record, 10) != 0)
        {
            throw Fail(offset, $"the zip entry '{name}' is compressed (method {U16(record, 10)}), which torch.save never does. Unpack the archive and pack it without compression (zip -0), or save it again.");
        }
        if ((U16(record, 8) & 1) != 0)
        {
            throw Fail(offset, $"the zip entry '{name}' is encrypted. Save the checkpoint again without a password.");
        }
        (ulong compressed, ulong length, ulong header) = (U32(record, 20), U32(record, 24), U32(record, 42));
        ReadZip64(extra, ref length, ref compressed, ref header);
        return compressed == length && length <= (ulong)_file.Length && header <= (ulong)_file.Length
            ? new ZipEntry(name, (long)header, (long)length, 0)
            : throw Fail(offset, $"the zip entry '{name}' claims {length} bytes, stored in {compressed}, at offset {header} of a file of {_file.Length}. The file is damaged: download or save it again.");
    }

    // Extra field 1 holds, in this order, those of the three values that do not fit their 32 bits.
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref ulong length, ref ulong compressed, ref ulong header)
    {
        while (extra.Length >= 4 && U16(extra, 2) <= extra.Length - 4)
        {
            ReadOnlySpan<byte> field = extra.Slice(4, U16(extra, 2));
            if (U16(extra, 0) == 1)
            {
                Take(ref field, ref length);
                Take(ref field, ref compressed);
                Take(ref field, ref header);
                return;
            }
            extra = extra[(4 + field.Length)..];
        }

        static void Take(ref ReadOnlySpan<byte> field, ref ulong value)
        {
            if (value == uint.MaxValue && field.Length >= sizeof(ulong))
            {
                value = U64(field, 0);
                field = field[sizeof(ulong)..];
            }
        }
    }

    private void SetLimits(List<ZipEntry> entries, long directoryOffset)
    {
        entries.Sort((a, b) => a.HeaderOffset.CompareTo(b.HeaderOffset));
        for (int i = 0; i < entries.Count; i++)
        {
            ZipEntry entry = entries[i] with { Limit = i + 1 < entries.Count ? entries[i + 1].HeaderOffset : directoryOffset };
            if (entry.Limit - entry.HeaderOffset < LocalLength + entry.Length)
            {
                throw Fail(entry.HeaderOffset, $"the zip entry '{entry.Name}' of {entry.Length} bytes overlaps what begins at offset {entry.Limit}. The file is damaged: download or save it again.");
            }
            if (!_entries.TryAdd(entry.Name, entry))
            {
                throw Fail(entry.HeaderOffset, $"the zip archive has two entries '{entry.Name}'. Which one is meant cannot be known: save it again.");
            }
        }
    }

    private byte[] ReadAt(long offset, int length)
    {
        var bytes = new byte[length];
        _file.Position = offset;
        if (_file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
        {
            throw Fail(offset, $"the file ends inside the {length} bytes of a zip record. It is truncated: download or save it again.");
        }
        return bytes;
    }

    private CheckpointException Fail(long offset, string problem) => new(_path, offset, problem);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
