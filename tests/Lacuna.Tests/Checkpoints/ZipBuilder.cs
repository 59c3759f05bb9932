using System.Text;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Writes zip archives of stored entries, and what no honest writer writes.</summary>
internal sealed class ZipBuilder
{
    private readonly MemoryStream _file = new();
    private readonly List<byte[]> _records = [];

    /// <summary>Where the last entry's header began.</summary>
    public uint LastHeader { get; private set; }

    /// <summary>Adds an entry; the directory's record may lie about it.</summary>
    public ZipBuilder Add(string name, byte[] data, ushort method = 0, ushort flags = 0, uint? stored = null, uint? length = null, uint? header = null)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        LastHeader = (uint)_file.Position;
        using (var local = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true))
        {
            local.Write(0x04034b50u);
            local.Write(new ushort[] { 20, flags, method, 0, 0 }.SelectMany(BitConverter.GetBytes).ToArray());
            local.Write(new uint[] { 0, (uint)data.Length, (uint)data.Length }.SelectMany(BitConverter.GetBytes).ToArray());
            local.Write((ushort)utf8.Length);
            local.Write((ushort)0);
            local.Write(utf8);
            local.Write(data);
        }
        using var record = new MemoryStream();
        using (var central = new BinaryWriter(record))
        {
            central.Write(0x02014b50u);
            central.Write(new ushort[] { 20, 20, flags, method, 0, 0 }.SelectMany(BitConverter.GetBytes).ToArray());
            central.Write(0u);
            central.Write(stored ?? (uint)data.Length);
            central.Write(length ?? (uint)data.Length);
            central.Write(new ushort[] { (ushort)utf8.Length, 0, 0, 0, 0 }.SelectMany(BitConverter.GetBytes).ToArray());
            central.Write(0u);
            central.Write(header ?? LastHeader);
            central.Write(utf8);
        }
        _records.Add(record.ToArray());
        return this;
    }

    public byte[] ToArray(ushort? count = null, uint? directory = null, uint? directoryLength = null)
    {
        using var file = new MemoryStream();
        using (var end = new BinaryWriter(file))
        {
            end.Write(_file.ToArray());
            _records.ForEach(end.Write);
            end.Write(0x06054b50u);
            end.Write(0u);
            end.Write(count ?? (ushort)_records.Count);
            end.Write(count ?? (ushort)_records.Count);
            end.Write(directoryLength ?? (uint)_records.Sum(record => record.Length));
            end.Write(directory ?? (uint)_file.Length);
            end.Write((ushort)0);
        }
        return file.ToArray();
    }
}
