using System.Globalization;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;
using Lacuna.Studies;

namespace Lacuna.Reports;

/// <summary>Reads what an experiment leaves: results.json, and below tasks/TASK the figures of its studies and the courses of its methods.</summary>
internal static class ExperimentReader
{
    private static readonly (string Symbol, string Name)[] Shown = [("UA", "UA: unlearning accuracy"), ("RA", "RA: retain accuracy"), ("TA", "TA: test accuracy"), ("MIA", "MIA: membership-inference efficacy")];

    /// <summary>Title, sentences and sections; null where the folder is no experiment's. Its runs are left to the reader of all folders.</summary>
    /// <exception cref="DataFileException">The experiment is not done, or its results cannot be read.</exception>
    public static Report? Read(string folder)
    {
        var file = Path.Combine(folder, "results.json");
        if (!File.Exists(file))
            return File.Exists(Path.Combine(folder, "experiment.yaml")) ? throw new DataFileException(folder, "holds an experiment that is not done yet. Give it to 'lacuna experiment' again; it goes on where it stopped.") : null;
        var result = Parse(file);
        string[] lead = [.. new[] { result.About, result.Source is { Length: > 0 } source ? $"Source: {source}." : null, result.ExpectedNote }.OfType<string>().Where(text => text.Length > 0)];
        return new(result.Name!, lead, [.. result.Tasks!.Select(task => Section(folder, result, task))], []);
    }

    private static Experiment Parse(string file)
    {
        Experiment? result;
        try
        {
            using var stream = File.OpenRead(file);
            result = JsonSerializer.Deserialize<Experiment>(stream, RunJson.Options);
        }
        catch (JsonException e)
        {
            throw new DataFileException(file, $"are no results of an experiment ({e.Message}). Give the experiment to 'lacuna experiment' again.", e);
        }
        var whole = result is { Name: not null, Tasks: not null, Seeds: not null }
            && result.Tasks.All(task => task is { Name: not null, Title: not null, Summary: not null, Studies: not null } && task.Summary.All(row => row is { Name: not null, Metrics: not null }) && Path.GetFileName(task.Name) == task.Name);
        return whole ? result! : throw new DataFileException(file, "are no results of an experiment. Give the experiment to 'lacuna experiment' again.");
    }

    private static ReportSection Section(string folder, Experiment result, TaskPart task)
    {
        var (at, seed) = (Path.Combine(folder, "tasks", task.Name!), string.Create(CultureInfo.InvariantCulture, $"seed-{result.Seeds!.FirstOrDefault()}"));
        var first = Path.Combine(at, seed);
        var courses = Directory.Exists(first) ? TraceFigures.Of(first).Select(figure => new ReportFigure(figure with { Title = $"{figure.Title}, {seed}" }, first)) : [];
        string[] facts =
        [
            string.Create(CultureInfo.InvariantCulture, $"Data: {result.Data}. Forgotten: {task.Forget}. Everything was done with {result.Seeds!.Count} seed(s): {string.Join(", ", result.Seeds)}."),
            result.Seeds.Count > 1 ? "Figures are means over the seeds ± half of their 95 % interval (Student's t)." : "With one seed there is no interval: small differences may be chance.",
        ];
        return new(ReportReader.Word(task.Name!), task.Title!, facts, Summary(task), [.. Findings(result, task)], [Overview(task), .. FigureFiles.Read(Path.Combine(at, "figures")), .. courses]);
    }

    private static TablePanel Summary(TaskPart task) => new("", ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap", "Time s", "Verdict"],
        [.. task.Summary!.Select(row => (string[])[row.Name!, .. Shown.Select(metric => metric.Symbol).Append("Gap").Select(symbol => Text(row.Metrics!.GetValueOrDefault(symbol), "0.00")), Text(row.Seconds, "0.0"), row.Verdict ?? "–"])]);

    private static ReportFigure Overview(TaskPart task)
    {
        var series = task.Summary!.Select(row =>
        {
            double[] Of(Func<Spread, double?> end) => [.. Shown.Select(metric => row.Metrics!.GetValueOrDefault(metric.Symbol) is { } value ? end(value) ?? double.NaN : double.NaN)];
            var intervals = row.Metrics!.Values.Any(value => value.Low is not null);
            return new BarSeries(row.Name!, Of(value => value.Mean), intervals ? Of(value => value.Low) : [], intervals ? Of(value => value.High) : []);
        });
        return new(new Figure("metrics", "UA, RA, TA and MIA",
            "The four figures of every model, in percent; whiskers are 95 % intervals over seeds. A method does well where its bar is as long as the retrained model's, not where it is longest.",
            "The table above.", [new BarPanel("", [.. Shown.Select(metric => metric.Name)], new Axis("percent", Minimum: 0, Maximum: 100), [.. series])]), "");
    }

    private static IEnumerable<string> Findings(Experiment result, TaskPart task)
    {
        foreach (var row in task.Summary!.Where(row => row.Name is not (Subject.Original or ResultTable.Oracle))) yield return $"{row.Name}: {row.Verdict}.";
        foreach (var finding in (result.Expected ?? []).Where(finding => finding.Range?.Task == task.Name))
        {
            var range = finding.Range!;
            var value = finding.Value is { } number ? number.ToString("0.00", CultureInfo.InvariantCulture) : "was not measured";
            yield return string.Create(CultureInfo.InvariantCulture, $"Expected of {range.Subject}: {range.Metric} from {range.Low} to {range.High}; it {(finding.Value is null ? value : $"is {value}")}, {(finding.Inside ? "inside" : "outside")}.");
        }
        foreach (var study in task.Studies!)
        {
            if (study.LeftOut is { } why) yield return $"The study {study.Name} was left out: {why}";
            if (study.Failure is { } failure) yield return $"The study {study.Name} failed: {failure}";
        }
    }

    private static string Text(Spread? value, string format) => value is not { Mean: { } mean } ? "–"
        : mean.ToString(format, CultureInfo.InvariantCulture) + (value.High is { } high ? " ± " + (high - mean).ToString(format, CultureInfo.InvariantCulture) : "");

    private sealed record Experiment(string? Name, string? About, string? Source, string? Data, IReadOnlyList<ulong>? Seeds, IReadOnlyList<TaskPart>? Tasks, IReadOnlyList<ExpectedPart>? Expected, string? ExpectedNote);

    private sealed record TaskPart(string? Name, string? Title, string? Forget, IReadOnlyList<RowPart>? Summary, IReadOnlyList<StudyPart>? Studies);

    private sealed record RowPart(string? Name, Dictionary<string, Spread>? Metrics, Spread? Seconds, string? Verdict);

    private sealed record Spread(double? Mean, double? Low, double? High);

    private sealed record StudyPart(string? Name, string? LeftOut, string? Failure);

    private sealed record ExpectedPart(RangePart? Range, double? Value, bool Inside);

    private sealed record RangePart(string? Task, string? Subject, string? Metric, double Low, double High);
}
