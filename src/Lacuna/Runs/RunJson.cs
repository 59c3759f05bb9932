using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lacuna.Runs;

/// <summary>How records are written.</summary>
public static class RunJson
{
    /// <summary>Indented, names in snake case, enumerations by name, NaN as text.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The same on one line, for metadata.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };
}
