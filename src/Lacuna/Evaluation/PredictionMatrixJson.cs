using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lacuna.Evaluation;

/// <summary>A list of rows, each on one line, where indented JSON would give every count a line of its own.</summary>
internal sealed class PredictionMatrixJson : JsonConverter<PredictionMatrix>
{
    public override PredictionMatrix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return new(JsonSerializer.Deserialize<int[][]>(ref reader, options) ?? throw new JsonException("A prediction matrix is missing."));
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, PredictionMatrix value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        // The writer sets no line breaks before what it is given raw.
        var line = options.WriteIndented ? "\n" + new string(' ', 2 * writer.CurrentDepth) : "";
        foreach (var row in value.Counts)
            writer.WriteRawValue($"{line}[{string.Join(", ", row.Select(count => count.ToString(CultureInfo.InvariantCulture)))}]");
        writer.WriteEndArray();
    }
}
