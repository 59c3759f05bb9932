using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>Reads what demo and unlearn leave: a metrics.json with its traces and figures, in the folder itself or one a task in folders below it.</summary>
internal static class RunFolderReader
{
    private const string Metrics = "metrics.json";

    /// <summary>The tasks of a run; none where the folder holds no such run.</summary>
    /// <exception cref="DataFileException">A record cannot be read.</exception>
    public static IReadOnlyList<ReportSection> Sections(string run)
    {
        var folders = Directory.EnumerateDirectories(run).Order(StringComparer.Ordinal).Prepend(run).Where(folder => File.Exists(Path.Combine(folder, Metrics)));
        return [.. folders.Select(folder => Section(run, folder)).OfType<ReportSection>()];
    }

    /// <summary>Where its numbers come from.</summary>
    public static ReportRun Run(string run)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run)));
        var (config, yaml) = (Path.Combine(run, "config.json"), Path.Combine(run, "experiment.yaml"));
        var recorded = File.Exists(config) ? File.ReadAllText(config) : "";
        return new(name, Command(config, recorded), File.Exists(yaml) ? File.ReadAllText(yaml) : recorded, Pairs(Path.Combine(run, "environment.json")));
    }

    private static ReportSection? Section(string run, string folder)
    {
        var file = Path.Combine(folder, Metrics);
        using var document = Parse(file, File.ReadAllText(file));
        // The demo's own metrics.json lists the tables that its tasks' folders have.
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("tables", out _)) return null;
        var table = Table(file, document);
        var measured = MeasurementFiles.Read([folder], table.Rows.Select(row => row.Name));
        SummaryRow[] summary = [.. table.Rows.Select(row => Summary(row, table, measured.ToDictionary(model => model.Name, model => model.Seeds[0])))];
        ReportFigure[] all =
        [
            .. SummaryFigures.Of(summary, measured).Select(figure => new ReportFigure(figure, folder)), .. FigureFiles.Read(Path.Combine(folder, "figures")),
            .. TraceFigures.Of(folder, "") is { } course ? (ReportFigure[])[new(course, folder)] : [],
        ];
        string[] heads = [.. TableCells.Heads.Take(TableCells.FirstWordsColumn), "Verdict", .. TableCells.Heads.Skip(TableCells.FirstWordsColumn)];
        string[][] rows = [.. table.Rows.Zip(summary, (row, line) => (string[])[.. TableCells.Of(row).Take(TableCells.FirstWordsColumn), line.Verdict, .. TableCells.Of(row).Skip(TableCells.FirstWordsColumn)])];
        return new(folder == run ? "task" : ReportReader.Word(Path.GetFileName(folder)), table.Title,
            [FormattableString.Invariant($"{table.ForgetCount:#,0} images are to be forgotten ({table.Forget}), {table.RetainCount:#,0} stay."), "From one run no spread can be told: small differences may be chance."], new TablePanel("", heads, rows), Findings.Of(summary), all);
    }

    /// <summary>A row as the summary of one seed: from its measurement, else from the table's own figures.</summary>
    private static SummaryRow Summary(ResultRow row, ResultTable table, IReadOnlyDictionary<string, ModelMeasurement> measured)
    {
        // A name alone proves nothing: gaps are only where the run knew the oracle for one of its split.
        var oracle = table.Rows.FirstOrDefault(other => other.Name == ResultTable.Oracle && other.AverageGap == 0);
        var disparity = double.IsNaN(row.Metrics.RetainAccuracy) ? null
            : measured.TryGetValue(row.Name, out var own) && (oracle is null || measured.ContainsKey(oracle.Name)) ? Disparity.Of([own], oracle is null ? null : [measured[oracle.Name]])
            : Disparity.Of(row.Metrics, oracle?.Metrics);
        var missing = disparity is null ? 1 : 0;
        return new(row.Name, disparity, row.Seconds is { } seconds ? Interval.Of([seconds]) : null, missing, row == oracle || row.Name != ResultTable.Oracle ? Verdict.Of(row.Name, disparity, missing, 1) : "no oracle to compare with");
    }

    private static ResultTable Table(string file, JsonDocument document)
    {
        try
        {
            if (document.Deserialize<ResultTable>(RunJson.Options) is { Title: not null, Forget: not null, Rows: not null } table && table.Rows.All(row => row is { Name: not null, Metrics: not null })) return table;
        }
        catch (JsonException e)
        {
            throw new DataFileException(file, $"is no result table ({e.Message}). Give a folder that demo, unlearn or experiment wrote.", e);
        }
        throw new DataFileException(file, "is no result table. Give a folder that demo, unlearn or experiment wrote.");
    }

    private static JsonDocument Parse(string file, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new DataFileException(file, $"is no JSON ({e.Message}). Give a folder that demo, unlearn or experiment wrote.", e);
        }
    }

    private static string Command(string file, string recipe)
    {
        if (recipe.Length == 0) return "";
        using var config = Parse(file, recipe);
        var root = config.RootElement;
        if (Text(root, "command") is { } command) return command;
        return Text(root, "verb") is { } verb ? $"lacuna {verb}, with the configuration below" : "";
    }

    private static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<KeyValuePair<string, string>> Pairs(string file)
    {
        if (!File.Exists(file)) return [];
        using var document = Parse(file, File.ReadAllText(file));
        return document.RootElement.ValueKind == JsonValueKind.Object ? [.. document.RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.ToString()))] : [];
    }
}
