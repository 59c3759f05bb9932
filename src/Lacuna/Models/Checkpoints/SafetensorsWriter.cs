using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lacuna.Data;

namespace Lacuna.Models.Checkpoints;

/// <summary>The writing half of <see cref="SafetensorsFile"/>.</summary>
internal static class SafetensorsWriter
{
    // So that the data, and with it every tensor of 8-byte elements at its head, is aligned.
    private const int Alignment = 8;

    public static void Write(string path, IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        StoredTensors.Check(tensors, ["__metadata__"]);
        byte[] header = MakeHeader(tensors, metadata);
        AtomicFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach (CheckpointTensor tensor in tensors)
            {
                file.Write(tensor.Bytes.Span);
            }
        });
    }

    private static byte[] MakeHeader(IReadOnlyList<CheckpointTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }
                writer.WriteEndObject();
            }
            WriteEntries(writer, tensors);
            writer.WriteEndObject();
        }
        while (json.Length % Alignment != 0)
        {
            json.WriteByte((byte)' ');
        }
        return json.ToArray();
    }

    private static void WriteEntries(Utf8JsonWriter writer, IReadOnlyList<CheckpointTensor> tensors)
    {
        long begin = 0;
        foreach (CheckpointTensor tensor in tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Type.ToString());
            WriteNumbers(writer, "shape", tensor.Shape);
            WriteNumbers(writer, "data_offsets", [begin, begin + tensor.Bytes.Length]);
            writer.WriteEndObject();
            begin += tensor.Bytes.Length;
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string field, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(field);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }
        writer.WriteEndArray();
    }
}
