using System.Text.Json;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

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
        var figures = FigureFiles.Read(Path.Combine(folder, "figures"));
        ReportFigure[] all = [new(Overview(table), folder), .. figures, .. TraceFigures.Of(folder).Select(figure => new ReportFigure(figure, folder))];
        string[] heads = [.. TableCells.Heads.Take(TableCells.FirstWordsColumn), "Verdict", .. TableCells.Heads.Skip(TableCells.FirstWordsColumn)];
        string[][] rows = [.. table.Rows.Select(row => TableCells.Of(row) is var cells ? (string[])[.. cells.Take(TableCells.FirstWordsColumn), row.Name == ResultTable.Oracle && row.AverageGap == 0 ? "the yardstick" : Findings.Verdict(row.AverageGap), .. cells.Skip(TableCells.FirstWordsColumn)] : [])];
        return new(folder == run ? "task" : ReportReader.Word(Path.GetFileName(folder)), table.Title,
            [FormattableString.Invariant($"{table.ForgetCount:#,0} images are to be forgotten ({table.Forget}), {table.RetainCount:#,0} stay.")], new TablePanel("", heads, rows), Findings.Of(table), all);
    }

    private static Figure Overview(ResultTable table) => new("metrics", "UA, RA, TA and MIA",
        "The four figures of every model, in percent. A method does well where its bar is as long as the retrained model's, not where it is longest.", "The table above.",
        [new BarPanel("", ["UA: unlearning accuracy", "RA: retain accuracy", "TA: test accuracy", "MIA: membership-inference efficacy"], new Axis("percent", Minimum: 0, Maximum: 100),
            [.. table.Rows.Select(row => new BarSeries(row.Name, [row.Metrics.UnlearningAccuracy, row.Metrics.RetainAccuracy, row.Metrics.TestAccuracy, row.Metrics.MembershipEfficacy]))])]);

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
        if (Text(root, "verb") == "demo" && root.TryGetProperty("options", out var options))
            return $"lacuna demo --class {Raw(options, "forget_class")} --instances {Raw(options, "instances")} --seed {Raw(options, "seed")}";
        return Text(root, "verb") is { } verb ? $"lacuna {verb}, with the configuration below" : "";
    }

    private static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Raw(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.ToString() : "?";

    private static IReadOnlyList<KeyValuePair<string, string>> Pairs(string file)
    {
        if (!File.Exists(file)) return [];
        using var document = Parse(file, File.ReadAllText(file));
        return document.RootElement.ValueKind == JsonValueKind.Object ? [.. document.RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.ToString()))] : [];
    }
}
