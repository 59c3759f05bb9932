using System.Buffers.Binary;
using System.Text;

namespace Lacuna.Models.Checkpoints;

/// <summary>Writes zip archives as torch.save does: nothing compressed, every entry's bytes on a boundary of 64 (so that PyTorch can map them), no times, zip64 where an offset
/// needs it (PKWARE APPNOTE 6.3).</summary>
/// <param name="file">Written front to back.</param>
/// <param name="zip64From">Offsets from here on are written in 64 bits; smaller in tests.</param>
internal sealed class StoredZipWriter(Stream file, long zip64From = uint.MaxValue)
{
    private const int Alignment = 64;

    // 'FB', under which PyTorch pads.
    private const ushort PaddingField = 0x4246;

    // 1 January 1980, the earliest a zip archive knows.
    private const ushort NoDate = 1 << 5 | 1;

    private const ushort Version = 20;
    private const ushort VersionZip64 = 45;

    private readonly MemoryStream _directory = new();
    private long _position;
    private long _count;

    /// <summary>Adds an entry.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="bytes">Its content.</param>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        byte[] ascii = Encoding.ASCII.GetBytes(name);
        uint sum = Crc32.Of(bytes);
        long header = _position;
        // Local header, name and the padding field's own four bytes, then as many as bring the data to its boundary.
        int padding = (int)(-(header + 30 + ascii.Length + 4) & (Alignment - 1));
        Put(file, 0x04034b50u, Version, 0, 0, 0, NoDate, sum, (uint)bytes.Length, (uint)bytes.Length, (ushort)ascii.Length, (ushort)(4 + padding));
        file.Write(ascii);
        Put(file, PaddingField, (ushort)padding);
        file.Write(new byte[padding]);
        file.Write(bytes);
        _position += 30 + ascii.Length + 4 + padding + bytes.Length;

        // With the offset the sizes too, since PyTorch's reader looks at the sizes to learn whether all three are elsewhere.
        bool large = header >= zip64From;
        uint size = large ? uint.MaxValue : (uint)bytes.Length;
        Put(_directory, 0x02014b50u, large ? VersionZip64 : Version, large ? VersionZip64 : Version, 0, 0, 0, NoDate, sum, size, size,
            (ushort)ascii.Length, (ushort)(large ? 28 : 0), 0, 0, 0, 0u, large ? uint.MaxValue : (uint)header);
        _directory.Write(ascii);
        if (large)
        {
            Put(_directory, 1, 24, (long)bytes.Length, (long)bytes.Length, header);
        }
        _count++;
    }

    /// <summary>Writes the directory; nothing can be added after it.</summary>
    public void Finish()
    {
        long directory = _position;
        _directory.WriteTo(file);
        if (directory >= zip64From || _count >= ushort.MaxValue)
        {
            long end = directory + _directory.Length;
            Put(file, 0x06064b50u, 44L, VersionZip64, VersionZip64, 0u, 0u, _count, _count, _directory.Length, directory);
            Put(file, 0x07064b50u, 0u, end, 1u);
            Put(file, 0x06054b50u, 0, 0, ushort.MaxValue, ushort.MaxValue, (uint)_directory.Length, uint.MaxValue, 0);
        }
        else
        {
            Put(file, 0x06054b50u, 0, 0, (ushort)_count, (ushort)_count, (uint)_directory.Length, (uint)directory, 0);
        }
    }

    // Each field in as many bytes as its type has: an int literal and a ushort two, a uint four, a long eight.
    private static void Put(Stream to, params ReadOnlySpan<object> fields)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (object field in fields)
        {
            switch (field)
            {
                case uint four: BinaryPrimitives.WriteUInt32LittleEndian(bytes, four); to.Write(bytes[..4]); break;
                case long eight: BinaryPrimitives.WriteInt64LittleEndian(bytes, eight); to.Write(bytes); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(bytes, Convert.ToUInt16(field)); to.Write(bytes[..2]); break;
            }
        }
    }
}
