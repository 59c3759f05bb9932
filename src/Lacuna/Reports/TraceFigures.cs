using System.Text.Json;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Reports;

/// <summary>The course of a method, from the METHOD.trace.json that a run writes, as a figure: a panel a series, for each has a scale of its own.</summary>
internal static class TraceFigures
{
    private const string Ending = ".trace.json";

    /// <summary>One figure a method, by file name.</summary>
    /// <exception cref="DataFileException">A file there is no trace.</exception>
    public static IEnumerable<Figure> Of(string folder) => Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).Select(One).OfType<Figure>();

    private static Figure? One(string file)
    {
        Record? record;
        try
        {
            using var stream = File.OpenRead(file);
            record = JsonSerializer.Deserialize<Record>(stream, RunJson.Options);
        }
        catch (JsonException e)
        {
            throw new DataFileException(file, $"is no record of a method ({e.Message}). Remove it, or run the method again.", e);
        }
        if (record is not { Method: { } method, Trace: { } trace } || trace.Values.Any(values => values is null)) throw new DataFileException(file, "is no record of a method. Remove it, or run the method again.");
        var panels = trace.Where(series => series.Value.Count > 1).Select(series => Course(method, series.Key, series.Value, record.Steps)).ToArray();
        if (panels.Length == 0) return null;
        var id = "course-" + new string([.. method.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')]);
        return new(id, $"Course of {method}", $"What {method} recorded while it ran. It ended after {record.Steps} steps: {record.StopReason}.", Path.GetFileName(file), panels);
    }

    private static LinePanel Course(string method, string series, IReadOnlyList<double> values, int steps)
    {
        // A course of one value more than there were steps begins before the first.
        var first = values.Count == steps + 1 ? 0 : 1;
        var label = values.Count == steps || first == 0 ? "step" : steps > 0 && steps % values.Count == 0 ? FormattableString.Invariant($"epoch or interval of {steps / values.Count} steps") : "recorded value";
        var name = series.Replace('_', ' ');
        return new(name, new Axis(label), new Axis(""), [new Line(method, [.. Enumerable.Range(first, values.Count).Select(i => (double)i)], values)], []);
    }

    private sealed record Record(string? Method, int Steps, string? StopReason, Dictionary<string, IReadOnlyList<double>>? Trace);
}
