using System.Buffers.Binary;

namespace Lacuna.Models.Checkpoints;

/// <summary>The legacy form of torch.save, before PyTorch 1.6: five pickles (magic number, protocol, machine, object, storage keys), then for each key
/// an int64 element count and the elements.</summary>
internal static class TorchLegacy
{
    // Pickles of the number 0x1950a86a20f9469cfc6c and of the protocol 1001.
    private static readonly byte[] Head =
    [
        0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 0x02, (byte)'M', 0xe9, 0x03, (byte)'.',
    ];

    // As much of the head as names the form.
    public static ReadOnlySpan<byte> Magic => Head.AsSpan(0, 14);

    public static CheckpointFile Read(Stream file, string path)
    {
        var head = new byte[Head.Length];
        file.Position = 0;
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan().SequenceEqual(Head))
        {
            throw new CheckpointException(path, Magic.Length, "the file ends early, or is of another protocol than 1001. It is truncated or damaged: download or save it again.");
        }
        // The three pickles that follow share one buffer.
        var input = PickleInput.Take(file, path, long.MaxValue, PickleReader.MostBytes);
        CheckByteOrder(PickleReader.Read(input, new TorchGlobals(path, file.Length)), path);
        var globals = new TorchGlobals(path, file.Length);
        StateDict dict = StateDict.Find(PickleReader.Read(input, globals), path);
        long keysAt = input.Offset;
        var keys = PickleReader.Read(input, new TorchGlobals(path, file.Length)) as PickleList;
        file.Position = input.Offset;
        List<TorchStorage> order = Order(keys, globals, path, keysAt);
        return dict.Load(ReadStorages(file, path, order, [.. dict.Storages]), file.Length, CheckpointFormat.PyTorchLegacy);
    }

    private static void CheckByteOrder(object? machine, string path)
    {
        if ((machine as PickleDict)?.Find("little_endian") is not true)
        {
            throw new CheckpointException(path, Head.Length, "does not say that it was written on a little-endian machine. Save it again on one.");
        }
    }

    private static List<TorchStorage> Order(PickleList? keys, TorchGlobals globals, string path, long offset)
    {
        var order = new List<TorchStorage>();
        var seen = new HashSet<string>();
        foreach (object? item in keys?.Items ?? [])
        {
            if (item is not string key || !seen.Add(key) || !globals.Storages.TryGetValue(key, out TorchStorage? storage))
            {
                throw new CheckpointException(path, offset, $"the list of storages has '{item as string}', which is no key, occurs twice, or belongs to no tensor. The file is damaged: save it again.");
            }
            order.Add(storage);
        }
        return order.Count == globals.Storages.Count
            ? order
            : throw new CheckpointException(path, offset, $"the list of storages has {order.Count} of {globals.Storages.Count} keys. The file is damaged: download or save it again.");
    }

    private static Dictionary<TorchStorage, byte[]> ReadStorages(Stream file, string path, List<TorchStorage> order, HashSet<TorchStorage> needed)
    {
        var storages = new Dictionary<TorchStorage, byte[]>();
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (TorchStorage storage in order)
        {
            long offset = file.Position;
            if (file.Length - offset - sizeof(long) < storage.ByteLength)
            {
                throw new CheckpointException(path, file.Length, $"ends inside storage '{storage.Key}', whose {storage.ByteLength} bytes begin at offset {offset + sizeof(long)}. It is truncated: download or save it again.");
            }
            file.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count || storage.ByteLength > Array.MaxLength)
            {
                throw new CheckpointException(path, offset, $"storage '{storage.Key}' declares {BinaryPrimitives.ReadInt64LittleEndian(count)} elements where the pickle says {storage.Count}, and at most {Array.MaxLength} bytes can be read. The file is damaged: download or save it again.");
            }
            if (needed.Contains(storage))
            {
                var bytes = new byte[storage.ByteLength];
                file.ReadExactly(bytes);
                storages.Add(storage, bytes);
            }
            else
            {
                file.Position += storage.ByteLength;
            }
        }
        return file.Position == file.Length
            ? storages
            : throw new CheckpointException(path, file.Position, $"goes on for {file.Length - file.Position} bytes after its last storage. It is damaged: save it again.");
    }
}
