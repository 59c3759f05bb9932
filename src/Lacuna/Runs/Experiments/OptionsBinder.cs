using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>
/// Fills an options record from a mapping. Its keys are the names under which <see cref="RunJson"/> records the options, so that what a run has recorded can be written into an experiment;
/// what is left out stays as in the defaults, inside nested options too.
/// </summary>
/// <param name="file">Named in messages.</param>
internal sealed class OptionsBinder(string file)
{
    /// <summary>The defaults with what the mapping changes.</summary>
    /// <param name="defaults">An options record.</param>
    /// <param name="node">The mapping; null changes nothing.</param>
    /// <param name="what">Whose options they are, for messages.</param>
    /// <exception cref="ExperimentFileException">A key is unknown, or a value not of its kind.</exception>
    public T Bind<T>(T defaults, YamlNode? node, string what) where T : notnull
    {
        if (node is null) return defaults;
        var type = defaults.GetType();
        var merged = Merge(JsonSerializer.SerializeToNode(defaults, type, RunJson.Options)!.AsObject(), node, type, what);
        return (T)JsonSerializer.Deserialize(merged, type, RunJson.Options)!;
    }

    private JsonObject Merge(JsonObject? current, YamlNode node, Type type, string what)
    {
        if (node is not YamlMappingNode mapping) throw new ExperimentFileException(file, node.Start.Line, $"the options of {what} are written as 'name: value'.");
        var known = PropertiesOf(type);
        var merged = current ?? [];
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            var property = known.FirstOrDefault(p => p.Name == key) ?? throw YamlSection.Unknown(file, keyNode, key, $"no option of {what}", [.. known.Select(p => p.Name)]);
            merged[key] = Value(value, property.PropertyType, merged[key], $"'{key}' of {what}");
        }
        // An element of a list starts from nothing, so nothing stands in for what it lacks.
        if (current is null && known.FirstOrDefault(p => p.AssociatedParameter is { HasDefaultValue: false } && !merged.ContainsKey(p.Name)) is { } missing)
            throw new ExperimentFileException(file, node.Start.Line, $"{what} needs '{missing.Name}'.");
        return merged;
    }

    private JsonNode? Value(YamlNode node, Type type, JsonNode? current, string what)
    {
        if (YamlSection.IsNull(node))
            return Nullable.GetUnderlyingType(type) is not null || type == typeof(string) ? null : throw new ExperimentFileException(file, node.Start.Line, $"{what} has no value.");
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ElementOf(type) is { } element)
        {
            return node is YamlSequenceNode sequence
                ? new JsonArray([.. sequence.Children.Select(item => Value(item, element, null, what))])
                : throw new ExperimentFileException(file, node.Start.Line, $"{what} must be a list: [one, two].");
        }
        if (node is not YamlScalarNode { Value: { } text })
            return PropertiesOf(type).Count > 0 ? Merge(current?.DeepClone().AsObject(), node, type, what) : throw new ExperimentFileException(file, node.Start.Line, $"{what} must be a single value.");
        ExperimentFileException Wrong(string allowed) => new(file, node.Start.Line, $"{what} is '{text}'; it must be {allowed}.");
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return text is "true" or "false" ? text == "true" : throw Wrong("true or false");
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName).ToArray();
            return names.Contains(text) ? text : throw YamlSection.Unknown(file, node, text, $"no value of {what}", names);
        }
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong("a whole number");
        if (type == typeof(ulong)) return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong("a whole number, zero or above");
        if (type == typeof(double) || type == typeof(float))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : throw Wrong("a number");
        throw Wrong(PropertiesOf(type) is { Count: > 0 } inner ? $"written as {{ {string.Join(", ", inner.Select(p => p.Name + ": ..."))} }}" : "left out: it cannot be set in an experiment file");
    }

    private static IReadOnlyList<JsonPropertyInfo> PropertiesOf(Type type) =>
        RunJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? [.. info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null)] : [];

    private static Type? ElementOf(Type type) => type == typeof(string) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
