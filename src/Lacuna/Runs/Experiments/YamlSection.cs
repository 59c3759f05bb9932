using System.Globalization;
using Lacuna.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>One mapping of an experiment file: gives the values of known keys and refuses all others.</summary>
internal sealed class YamlSection
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = [];
    private readonly YamlMappingNode _node;

    /// <param name="file">Named in messages.</param>
    /// <param name="node">What stands in the file; it must be a mapping.</param>
    /// <param name="what">What it describes, for messages: "a task".</param>
    /// <param name="keys">The keys it may have.</param>
    public YamlSection(string file, YamlNode node, string what, IReadOnlyList<string> keys)
    {
        (File, What) = (file, what);
        _node = node as YamlMappingNode ?? throw new ExperimentFileException(file, node.Start.Line, $"{what} is written as 'key: value' lines, with the keys {string.Join(", ", keys)}.");
        foreach (var (key, value) in _node.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new ExperimentFileException(file, key.Start.Line, $"a key of {what} must be a word.");
            if (!keys.Contains(name)) throw Unknown(file, key, name, $"no key of {what}", keys);
            _entries[name] = (key, value);
        }
    }

    /// <summary>Named in messages.</summary>
    public string File { get; }

    /// <summary>What it describes.</summary>
    public string What { get; }

    /// <summary>Line it begins on.</summary>
    public long Line => _node.Start.Line;

    /// <summary>An unknown name with the known one most like it.</summary>
    public static ExperimentFileException Unknown(string file, YamlNode at, string name, string isNot, IReadOnlyList<string> known)
    {
        var nearest = new NearestNames([(name, [])], [.. known.Select(k => (k, Array.Empty<long>()))], int.MaxValue).ToMissing(name);
        return new(file, at.Start.Line, $"'{name}' is {isNot}.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} Known: {string.Join(", ", known)}.");
    }

    /// <summary>Whether a key is there with a value.</summary>
    public bool Has(string key) => Node(key) is not null;

    /// <summary>A key's value; null where the key is missing or empty.</summary>
    public YamlNode? Node(string key) => _entries.TryGetValue(key, out var entry) && !IsNull(entry.Value) ? entry.Value : null;

    /// <summary>A key's value, which must be there.</summary>
    public YamlNode Required(string key) => Node(key) ?? throw new ExperimentFileException(File, Line, $"{What} needs '{key}'.");

    /// <summary>A word or sentence.</summary>
    public string? Text(string key) => Node(key) is { } node ? Scalar(node, key) : null;

    /// <summary>True or false.</summary>
    public bool Flag(string key) => Node(key) is { } node && (Scalar(node, key) switch
    {
        "true" => true,
        "false" => false,
        var other => throw Wrong(node, key, other, "true or false"),
    });

    /// <summary>A whole number.</summary>
    public int? Whole(string key) => Node(key) is not { } node ? null
        : int.TryParse(Scalar(node, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong(node, key, Scalar(node, key), "a whole number");

    /// <summary>One of a choice's names in kebab case.</summary>
    public T? Choice<T>(string key) where T : struct, Enum
    {
        if (Node(key) is not { } node) return null;
        var names = Enum.GetValues<T>().ToDictionary(value => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
        return names.TryGetValue(Scalar(node, key), out var found) ? found : throw Unknown(File, node, Scalar(node, key), $"no value of '{key}'", [.. names.Keys]);
    }

    /// <summary>Numbers in a list; empty where the key is missing.</summary>
    public IReadOnlyList<float> Numbers(string key) => [.. List(key).Select(item =>
        float.TryParse(Scalar(item, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong(item, key, Scalar(item, key), "a number"))];

    /// <summary>The items of a list; none where the key is missing.</summary>
    public IReadOnlyList<YamlNode> List(string key) => Node(key) switch
    {
        null => [],
        YamlSequenceNode sequence => [.. sequence.Children],
        var node => throw new ExperimentFileException(File, node.Start.Line, $"'{key}' must be a list: [one, two], or a line '- one' for each."),
    };

    /// <summary>The text of a node that must be a single value.</summary>
    public string Scalar(YamlNode node, string key) => (node as YamlScalarNode)?.Value
        ?? throw new ExperimentFileException(File, node.Start.Line, $"'{key}' must be a single value.");

    /// <summary>Runs something whose refusal belongs to a key's line.</summary>
    public T At<T>(YamlNode node, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is ArgumentException or Data.ForgetSetException)
        {
            throw new ExperimentFileException(File, node.Start.Line, e.Message, e);
        }
    }

    /// <summary>Whether a node says that there is nothing.</summary>
    public static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private ExperimentFileException Wrong(YamlNode node, string key, string value, string allowed) => new(File, node.Start.Line, $"'{key}' is '{value}'; it must be {allowed}.");
}
