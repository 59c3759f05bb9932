using System.Globalization;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;
using Lacuna.Studies;

namespace Lacuna.Reports;

/// <summary>Reads what an experiment leaves, see <see cref="ExperimentLayout"/>: its results, what was measured, the figures of its studies and the courses of its methods.</summary>
internal static class ExperimentReader
{
    /// <summary>Title, sentences and sections; null where the folder is no experiment's. Its runs are left to the reader of all folders.</summary>
    /// <exception cref="DataFileException">The experiment is not done, or its results cannot be read.</exception>
    public static Report? Read(string folder)
    {
        var file = Path.Combine(folder, ExperimentLayout.Results);
        if (!File.Exists(file))
            return File.Exists(Path.Combine(folder, ExperimentLayout.Yaml)) ? throw new DataFileException(folder, "holds an experiment that is not done yet. Give it to 'lacuna experiment' again; it goes on where it stopped.") : null;
        var result = Parse(file);
        string[] lead = [.. new[] { result.About, result.Source is { Length: > 0 } source ? $"Source: {source}" : null, result.ExpectedNote }.OfType<string>().Where(text => text.Length > 0)];
        return new(result.Name, lead, [.. result.Tasks.Select(task => Section(folder, result, task))], []);
    }

    private static ExperimentResult Parse(string file)
    {
        const string remedy = "Give the experiment to 'lacuna experiment' again.";
        ExperimentResult? result;
        try
        {
            result = JsonSerializer.Deserialize<ExperimentResult>(File.ReadAllBytes(file), RunJson.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            throw new DataFileException(file, $"are no results of an experiment ({e.Message}). {remedy}", e);
        }
        // Any part may be missing in a file that someone else wrote.
        var whole = result is { Name: not null, About: not null, Data: not null, Seeds.Count: > 0, Tasks: not null, Expected: not null }
            && result.Tasks.All(task => task is { Name: not null, Title: not null, Forget: not null, Summary: not null, Studies: not null }
                && task.Summary.All(row => row is { Name: not null, Verdict: not null, Metrics: not null } && row.Metrics.Values.All(value => value is not null))
                && task.Studies.All(study => study?.Name is not null) && Path.GetFileName(task.Name) == task.Name)
            && result.Expected.All(finding => finding?.Range is { Task: not null, Subject: not null, Metric: not null });
        return whole ? result! : throw new DataFileException(file, $"are no results of an experiment: something is missing. {remedy}");
    }

    private static ReportSection Section(string folder, ExperimentResult result, TaskResult task)
    {
        string[] seeds = [.. result.Seeds.Select(seed => Path.Combine(folder, ExperimentLayout.Seed(task.Name, seed)))];
        var measured = MeasurementFiles.Read(seeds, task.Summary.Select(row => row.Name));
        var several = result.Seeds.Count > 1;
        string[] facts =
        [
            string.Create(CultureInfo.InvariantCulture, $"Data: {result.Data}. Forgotten: {task.Forget}. {(several ? $"Everything was done with {result.Seeds.Count} seeds: {string.Join(", ", result.Seeds)}." : $"Everything was done with one seed, {result.Seeds[0]}.")}"),
            several ? "Figures are means over the seeds ± half of their 95 % interval (Student's t)." : "From one seed no spread can be told: small differences may be chance.",
        ];
        ReportFigure[] own = [.. SummaryFigures.Of(task.Summary, measured).Select(figure => new ReportFigure(figure, ""))];
        var courses = several ? $" Seed {result.Seeds[0].ToString(CultureInfo.InvariantCulture)}." : "";
        return new(ReportReader.Word(task.Name), task.Title, facts, new TablePanel("", SummaryCells.Heads, [.. task.Summary.Select(SummaryCells.Of)]), [.. Findings.Of(task.Summary), .. Others(result, task)],
            [.. own, .. FigureFiles.Read(Path.Combine(folder, ExperimentLayout.Figures(task.Name))), .. TraceFigures.Of(seeds[0], courses) is { } course ? (ReportFigure[])[new(course, "")] : []]);
    }

    private static IEnumerable<string> Others(ExperimentResult result, TaskResult task)
    {
        foreach (var finding in result.Expected.Where(finding => finding.Range.Task == task.Name))
        {
            var range = finding.Range;
            yield return string.Create(CultureInfo.InvariantCulture, $"Expected of {range.Subject}: {range.Metric} from {range.Low} to {range.High}; it {(finding.Value is { } value ? $"is {value:0.00}" : "was not measured")}, {(finding.Inside ? "inside" : "outside")}.");
        }
        foreach (var study in task.Studies)
        {
            if (study.LeftOut is { } why) yield return $"The study {study.Name} was left out: {why}";
            if (study.Failure is { } failure) yield return $"The study {study.Name} failed: {failure}";
        }
    }
}
