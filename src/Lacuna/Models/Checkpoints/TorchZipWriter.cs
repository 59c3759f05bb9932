using System.Text;
using System.Text.Json;
using Lacuna.Data;

namespace Lacuna.Models.Checkpoints;

/// <summary>The writing half of <see cref="PyTorchFile"/>: the records that PyTorch 1.6 and later read, and one of ours.</summary>
internal static class TorchZipWriter
{
    private const string Name = "archive";

    // That of state dicts without anything newer.
    private const string FormatVersion = "3\n";

    public static void Write(string path, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        StoredTensors.Check(tensors, []);
        AtomicFile.Write(path, file => Write(new StoredZipWriter(file), tensors, metadata));
    }

    public static void Write(StoredZipWriter zip, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        zip.Add($"{Name}/data.pkl", PickleWriter.StateDict(tensors));
        zip.Add($"{Name}/byteorder", "little"u8);
        for (int i = 0; i < tensors.Count; i++)
        {
            zip.Add($"{Name}/data/{i}", tensors[i].Bytes.Span);
        }
        zip.Add($"{Name}/version", Encoding.ASCII.GetBytes(FormatVersion));
        if (metadata is { Count: > 0 })
        {
            zip.Add($"{Name}/{TorchZip.MetadataEntry}", JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal)));
        }
        zip.Finish();
    }
}
