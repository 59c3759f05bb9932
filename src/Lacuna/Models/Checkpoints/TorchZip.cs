using System.Text;
using System.Text.Json;

namespace Lacuna.Models.Checkpoints;

/// <summary>The zip form of torch.save, since PyTorch 1.6: NAME/data.pkl and one entry NAME/data/KEY a storage.</summary>
internal static class TorchZip
{
    /// <summary>What we write beside the pickle, in which PyTorch would want nothing but tensors: metadata, as a JSON object of texts.</summary>
    public const string MetadataEntry = "lacuna.json";

    private const string PickleEntry = "/data.pkl";
    private const int MostMetadataBytes = 1 << 20;

    public static CheckpointFile Read(Stream file, string path)
    {
        var zip = new StoredZip(file, path);
        string name = FindName(zip, path);
        CheckByteOrder(zip, name, file, path);

        long length = zip.Seek(name + PickleEntry);
        var globals = new TorchGlobals(path, file.Length);
        object? top = PickleReader.Read(PickleInput.Take(file, path, length, PickleReader.MostBytes), globals);
        StateDict dict = StateDict.Find(top, path);
        AddMetadata(zip, $"{name}/{MetadataEntry}", dict, file, path);

        var storages = new Dictionary<TorchStorage, byte[]>();
        foreach (TorchStorage storage in dict.Storages)
        {
            storages.Add(storage, ReadStorage(zip, $"{name}/data/{storage.Key}", storage, file, path));
        }
        return dict.Load(storages, file.Length, CheckpointFormat.PyTorchZip);
    }

    private static void AddMetadata(StoredZip zip, string entry, StateDict dict, Stream file, string path)
    {
        if (!zip.Names.Contains(entry))
        {
            return;
        }
        long length = zip.Seek(entry);
        if (length > MostMetadataBytes)
        {
            throw new CheckpointException(path, file.Position, $"the zip entry '{entry}' has {length} bytes of metadata; at most {MostMetadataBytes} are read. Take the entry out of the archive.");
        }
        long offset = file.Position;
        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            foreach ((string key, string? value) in JsonSerializer.Deserialize<Dictionary<string, string?>>(json) ?? [])
            {
                dict.AddMetadata(key, value ?? "");
            }
        }
        // InvalidOperationException is how the JSON reader reports text that is not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(path, offset, $"the zip entry '{entry}' is no JSON object of texts ({e.Message.TrimEnd('.')}). Take the entry out of the archive, or save it again.", e);
        }
    }

    private static string FindName(StoredZip zip, string path)
    {
        string[] pickles = [.. zip.Names.Where(entry => entry.EndsWith(PickleEntry, StringComparison.Ordinal))];
        if (pickles.Length != 1)
        {
            throw new CheckpointException(path, $"is a zip archive with {pickles.Length} entries NAME/data.pkl; a file of torch.save has one. Give such a file.");
        }
        string name = pickles[0][..^PickleEntry.Length];
        return zip.Names.Contains($"{name}/constants.pkl")
            ? throw new CheckpointException(path, "is a TorchScript module, not a state dict. In Python: torch.save(torch.jit.load(file).state_dict(), other).")
            : name;
    }

    private static void CheckByteOrder(StoredZip zip, string name, Stream file, string path)
    {
        string entry = $"{name}/byteorder";
        if (!zip.Names.Contains(entry))
        {
            return;
        }
        var order = new byte[Math.Min(zip.Seek(entry), 16)];
        file.ReadExactly(order);
        if (!order.AsSpan().SequenceEqual("little"u8))
        {
            throw new CheckpointException(path, $"has byte order '{Encoding.Latin1.GetString(order)}'; only 'little' can be read. Save it again on a little-endian machine.");
        }
    }

    private static byte[] ReadStorage(StoredZip zip, string entry, TorchStorage storage, Stream file, string path)
    {
        long length = zip.Seek(entry);
        if (length != storage.ByteLength || length > Array.MaxLength)
        {
            throw new CheckpointException(path, file.Position, $"the zip entry '{entry}' has {length} bytes; the pickle says {storage.Count} elements of {storage.Type}, {storage.ByteLength} bytes, and at most {Array.MaxLength} can be read. The file is damaged: download or save it again.");
        }
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
