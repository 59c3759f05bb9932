using System.Buffers.Binary;

namespace Lacuna.Models.Checkpoints;

/// <summary>Reads and writes safetensors: eight bytes of header length, a JSON header, then the tensors' bytes without gaps
/// (https://github.com/huggingface/safetensors#format).</summary>
public static class SafetensorsFile
{
    private const int LengthBytes = 8;

    // The format's own cap.
    private const long MostHeaderBytes = 100_000_000;

    /// <summary>Reads a file. Memory stays within the file's size plus that of its header.</summary>
    /// <exception cref="CheckpointException">The file is missing, truncated, or breaks the format.</exception>
    public static CheckpointFile Read(string path)
    {
        using FileStream file = CheckpointReader.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads from a seekable stream; <paramref name="path"/> stands in messages.</summary>
    /// <exception cref="CheckpointException">As for the other overload.</exception>
    public static CheckpointFile Read(Stream file, string path)
    {
        byte[] header = ReadHeader(file, path);
        (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(header, path, LengthBytes);
        long dataStart = LengthBytes + header.Length;
        foreach (SafetensorsEntry entry in entries)
        {
            CheckSize(entry, path, dataStart);
        }
        CheckLayout(entries, path, dataStart, file.Length - dataStart);

        var tensors = new CheckpointTensor[entries.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            SafetensorsEntry entry = entries[i];
            var bytes = new byte[entry.Length];
            file.Position = dataStart + entry.Begin;
            file.ReadExactly(bytes);
            BoolBytes.Check(entry.Type, bytes, path, entry.Name);
            tensors[i] = new CheckpointTensor(entry.Name, entry.Type, entry.Shape, bytes);
        }
        return new CheckpointFile(tensors, metadata);
    }

    /// <summary>Writes a file: header keys and data in the order given, metadata sorted, header padded to eight bytes; the same input gives the
    /// same bytes. The file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or a tensor's bytes do not fit its shape and type.</exception>
    /// <exception cref="IOException">The folder is missing or the disk is full.</exception>
    public static void Write(string path, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(path, tensors, metadata);

    // The header's JSON must begin with a brace, right after its length.
    internal static bool Recognises(ReadOnlySpan<byte> start) => start.Length > LengthBytes && start[LengthBytes] == (byte)'{';

    private static byte[] ReadHeader(Stream file, string path)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        file.Position = 0;
        if (file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
        {
            throw new CheckpointException(path, file.Length, "ends inside the eight bytes of the header's length. It is truncated: download or save it again.");
        }
        ulong declared = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (declared > MostHeaderBytes)
        {
            throw new CheckpointException(path, 0, $"declares a header of {declared} bytes; the format allows {MostHeaderBytes}. It is not safetensors, or damaged.");
        }
        if ((long)declared > file.Length - LengthBytes)
        {
            throw new CheckpointException(path, 0, $"declares a header of {declared} bytes, but {file.Length - LengthBytes} follow. It is truncated: download or save it again.");
        }
        var header = new byte[declared];
        file.ReadExactly(header);
        return header is [(byte)'{', ..]
            ? header
            : throw new CheckpointException(path, LengthBytes, "the header does not begin with '{'. It is not safetensors, or damaged.");
    }

    private static void CheckSize(SafetensorsEntry entry, string path, long dataStart)
    {
        if (ElementTypes.ElementCount(entry.Shape) is not { } count || (UInt128)count * (uint)entry.Type.ByteSize() > (UInt128)Array.MaxLength)
        {
            throw new CheckpointException(path, $"'{entry.Name}' has shape [{string.Join(", ", entry.Shape)}] of {entry.Type}, more than the {Array.MaxLength} bytes a tensor may have. Split the tensor, or save the file again if it is damaged.");
        }
        long bytes = count * entry.Type.ByteSize();
        if (entry.Begin > entry.End || entry.Length != bytes)
        {
            throw new CheckpointException(path, dataStart + Math.Min(entry.Begin, long.MaxValue - dataStart),
                $"'{entry.Name}' has data_offsets [{entry.Begin}, {entry.End}], but its shape [{string.Join(", ", entry.Shape)}] of {entry.Type} takes {bytes} bytes. The file is damaged: save it again.");
        }
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, string path, long dataStart, long dataLength)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                throw new CheckpointException(path, dataStart + end, $"'{entry.Name}' begins at data byte {entry.Begin}, {(entry.Begin < end ? "inside the tensor before it" : "after a hole")}; {end} is expected. The file is damaged: save it again.");
            }
            if (entry.End > dataLength)
            {
                throw new CheckpointException(path, dataStart + dataLength, $"ends inside '{entry.Name}', which goes up to data byte {entry.End}. It is truncated: download or save it again.");
            }
            end = entry.End;
        }
        if (end != dataLength)
        {
            throw new CheckpointException(path, dataStart + end, $"goes on for {dataLength - end} bytes after its last tensor. It is damaged: save it again.");
        }
    }
}
