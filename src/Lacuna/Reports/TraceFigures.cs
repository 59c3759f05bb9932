using System.Text.Json;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Reports;

/// <summary>The courses of the methods, from the METHOD.trace.json that a run writes, as one figure: a panel a series of a method, for each has a scale of its own.</summary>
internal static class TraceFigures
{
    private const string Ending = ".trace.json";

    /// <summary>Of the figure.</summary>
    public const string Id = "courses";

    /// <summary>All methods of a folder, by file name; null where none recorded a course.</summary>
    /// <param name="folder">Where the records lie.</param>
    /// <param name="seed">A sentence about the seed, with a blank before it; empty for none.</param>
    /// <exception cref="DataFileException">A file there is no trace.</exception>
    public static Figure? Of(string folder, string seed)
    {
        if (!Directory.Exists(folder)) return null;
        var methods = Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).Select(One).Where(method => method.Panels.Length > 0).ToArray();
        return methods.Length == 0 ? null : new(Id, "Courses of the methods",
            $"What the methods recorded while they ran.{seed} {string.Join(" ", methods.Select(method => method.Ending))}", "The *.trace.json files of the run.", [.. methods.SelectMany(method => method.Panels)]);
    }

    private static (Panel[] Panels, string Ending) One(string file)
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
        Panel[] panels = [.. trace.Where(series => series.Value.Count > 1).Select(series => Course(method, series.Key, series.Value, record.Steps))];
        return (panels, FormattableString.Invariant($"{method} ended after {record.Steps} steps: {record.StopReason}."));
    }

    private static LinePanel Course(string method, string series, IReadOnlyList<double> values, int steps)
    {
        // A course of one value more than there were steps begins before the first.
        var first = values.Count == steps + 1 ? 0 : 1;
        var label = values.Count == steps || first == 0 ? "step" : steps > 0 && steps % values.Count == 0 ? FormattableString.Invariant($"epoch or interval of {steps / values.Count} steps") : "recorded value";
        var name = series.Replace('_', ' ');
        return new($"{method}: {name}", new Axis(label), new Axis(""), [new Line(method, [.. Enumerable.Range(first, values.Count).Select(i => (double)i)], values)], []);
    }

    private sealed record Record(string? Method, int Steps, string? StopReason, Dictionary<string, IReadOnlyList<double>>? Trace);
}
