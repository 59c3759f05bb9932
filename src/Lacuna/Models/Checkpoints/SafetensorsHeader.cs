using System.Text.Json;

namespace Lacuna.Models.Checkpoints;

/// <summary>Reads the JSON header of a safetensors file, refusing whatever the format does not say.</summary>
internal ref struct SafetensorsHeader
{
    // A header entry of 50 bytes becomes objects of some hundred; the cap keeps a hostile header near its own size.
    private const int MostTensors = 100_000;
    private const int MostDimensions = 16;

    private readonly string _path;
    private readonly long _fileOffset;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly HashSet<string> _names = [];
    private Utf8JsonReader _json;

    private SafetensorsHeader(ReadOnlySpan<byte> json, string path, long fileOffset)
    {
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        _path = path;
        _fileOffset = fileOffset;
    }

    /// <summary>Parses the header.</summary>
    /// <param name="fileOffset">Where the JSON begins in the file, for messages.</param>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> json, string path, long fileOffset)
    {
        var header = new SafetensorsHeader(json, path, fileOffset);
        try
        {
            header.ReadTop();
        }
        // InvalidOperationException is how the JSON reader reports text that is not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw header.Fail($"the header is not sound JSON ({e.Message.TrimEnd('.')}). The file is damaged: download or save it again.", e);
        }
        return (header._entries, header._metadata);
    }

    private void ReadTop()
    {
        Next(JsonTokenType.StartObject, "a JSON object");
        while (NextName(out string name))
        {
            if (!_names.Add(name))
            {
                throw Fail($"the key '{name}' occurs twice. Which one is meant cannot be known: save the file again.");
            }
            if (name == "__metadata__")
            {
                ReadMetadata();
            }
            else if (_entries.Count == MostTensors)
            {
                throw Fail($"the header has more than {MostTensors} tensors. No network this engine knows comes near that: the file is damaged.");
            }
            else
            {
                _entries.Add(ReadEntry(name));
            }
        }
        if (_json.Read())
        {
            throw Fail("the header goes on after its JSON object. The file is damaged: save it again.");
        }
    }

    private void ReadMetadata()
    {
        Next(JsonTokenType.StartObject, "an object of text");
        while (NextName(out string name))
        {
            Next(JsonTokenType.String, $"text for the metadata '{name}'");
            if (!_metadata.TryAdd(name, _json.GetString()!))
            {
                throw Fail($"the metadata '{name}' occurs twice. Save the file again.");
            }
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        Next(JsonTokenType.StartObject, $"an object for '{name}'");
        ElementType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (NextName(out string field))
        {
            switch (field)
            {
                case "dtype" when type is null:
                    Next(JsonTokenType.String, $"the dtype of '{name}'");
                    type = ParseType(name, _json.GetString()!);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, field, MostDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, field, 2);
                    break;
                default:
                    throw Fail($"'{name}' has a field '{field}' that is unknown or occurs twice; dtype, shape and data_offsets are what it may have, once each.");
            }
        }
        return type is { } t && shape is not null && offsets is [long begin, long end]
            ? new SafetensorsEntry(name, t, shape, begin, end)
            : throw Fail($"'{name}' does not have a dtype, a shape and two data_offsets. The file is damaged: save it again.");
    }

    private readonly ElementType ParseType(string name, string dtype) =>
        Array.IndexOf(Enum.GetNames<ElementType>(), dtype) is >= 0 and int index
            ? (ElementType)index
            : throw Fail($"'{name}' has dtype '{dtype}'; {string.Join(", ", Enum.GetNames<ElementType>())} can be read. Convert the tensor first.");

    private long[] ReadNumbers(string name, string field, int most)
    {
        Next(JsonTokenType.StartArray, $"an array for {field} of '{name}'");
        var numbers = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == most || _json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
            {
                throw Fail($"{field} of '{name}' is not a list of at most {most} whole numbers from 0 to 2^63-1. The file is damaged: save it again.");
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private bool NextName(out string name)
    {
        _json.Read();
        name = _json.TokenType == JsonTokenType.PropertyName ? _json.GetString()! : "";
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    private void Next(JsonTokenType type, string what)
    {
        if (!_json.Read() || _json.TokenType != type)
        {
            throw Fail($"the header has {_json.TokenType} where {what} is expected. The file is damaged: save it again.");
        }
    }

    private readonly CheckpointException Fail(string problem, Exception? inner = null) =>
        new(_path, _fileOffset + _json.TokenStartIndex, problem, inner);
}
