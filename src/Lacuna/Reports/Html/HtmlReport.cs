using System.Globalization;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Reports.Charts;
using Lacuna.Runs;

namespace Lacuna.Reports.Html;

/// <summary>A report as one HTML page that needs nothing beside it: no script, no outside resource. The same report gives the same bytes.</summary>
internal sealed class HtmlReport
{
    /// <summary>By this line in its head a page is known for a report of ours.</summary>
    public const string Generator = "<meta name=\"generator\" content=\"Lacuna report\">";

    // A page of more rows is slow to open; the CSV file has them all.
    private const int MostRows = 300;

    // Longer tables are folded away: they are for looking things up.
    private const int MostOpenRows = 14;

    // Longer words may wrap at their hyphens; shorter ones are names.
    private const int LongestName = 24;

    // A symbol and its unit.
    private const int ShortHead = 8;

    // Longer sentences need some width, or they become columns of single words.
    private const int LongestPhrase = 30;

    private readonly HtmlWriter _html = new();
    private readonly Report _report;
    private readonly Palette _palette;
    private readonly string _files;

    private HtmlReport(Report report, string files)
    {
        _report = report;
        _files = files;
        _palette = new(report.Sections.SelectMany(section => section.Figures).SelectMany(figure => figure.Figure.Panels));
    }

    /// <summary>The page.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="files">Name of the folder beside it with pictures and CSV files.</param>
    public static string Of(Report report, string files)
    {
        var page = new HtmlReport(report, files);
        page.Page();
        return page._html.ToString();
    }

    private void Page()
    {
        // The policy holds the page to itself even if a name should slip through as markup.
        _html.Write($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{new RawHtml(Generator)}\n");
        _html.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{_report.Title}</title>\n<style>\n{new RawHtml(StyleSheet.Value)}</style>\n</head>\n<body>\n<div class=\"page\">\n");
        _html.Write($"<header><h1>{_report.Title}</h1><p class=\"muted\">{string.Join("; ", _report.Runs.Select(Origin))}</p>\n");
        foreach (var sentence in _report.Lead) _html.Write($"<p>{sentence}</p>\n");
        _html.Write($"</header>\n");
        Contents();
        _html.Write($"<main>\n");
        foreach (var section in _report.Sections) Section(section);
        Repeat();
        Environment();
        Definitions();
        _html.Write($"</main>\n<footer><p>Made by Lacuna {RunEnvironment.EngineVersion} from the records of the runs named above. The figures as SVG and PNG files and all their numbers as CSV files are in the folder {_files} beside this page.</p></footer>\n</div>\n</body>\n</html>\n");
    }

    private static string Origin(ReportRun run) => run.Environment.FirstOrDefault(pair => pair.Key == "utc") is { Value: { } utc } ? $"{run.Name}, {utc}" : run.Name;

    private void Contents()
    {
        _html.Write($"<nav aria-label=\"Contents\"><p>Contents</p><ul>\n");
        foreach (var section in _report.Sections)
        {
            _html.Write($"<li><a href=\"#{section.Id}\">{section.Title}</a><ul>\n");
            foreach (var figure in section.Figures) _html.Write($"<li><a href=\"#{Id(section, figure)}\">{figure.Figure.Title}</a></li>\n");
            _html.Write($"</ul></li>\n");
        }
        _html.Write($"<li><a href=\"#repeat\">How to repeat it</a></li><li><a href=\"#environment\">Environment</a></li><li><a href=\"#definitions\">Definitions</a></li></ul></nav>\n");
    }

    private void Section(ReportSection section)
    {
        _html.Write($"<section id=\"{section.Id}\"><h2>{section.Title}</h2>\n");
        foreach (var fact in section.Facts) _html.Write($"<p>{fact}</p>\n");
        Table(PanelTable.Of(section.Summary)!, int.MaxValue, linked: true);
        if (section.Findings.Count > 0)
        {
            _html.Write($"<h3>What to read from it</h3>\n<ul>\n");
            foreach (var finding in section.Findings) _html.Write($"<li>{finding}</li>\n");
            _html.Write($"</ul>\n");
        }
        foreach (var figure in section.Figures) Figure(section, figure);
        _html.Write($"</section>\n");
    }

    private void Figure(ReportSection section, ReportFigure figure)
    {
        _html.Write($"<figure id=\"{Id(section, figure)}\"><h3>{figure.Figure.Title}</h3>\n<div class=\"panels\">\n");
        foreach (var panel in figure.Figure.Panels) Panel(panel, figure);
        _html.Write($"</div>\n<figcaption><p>{figure.Figure.Caption}</p><p class=\"source\">Source: {figure.Figure.Source}</p></figcaption>\n");
        Numbers(section, figure);
        _html.Write($"</figure>\n");
    }

    /// <summary>One fold with the numbers of every panel; tables that the figure shows anyway are named for their files only.</summary>
    private void Numbers(ReportSection section, ReportFigure figure)
    {
        if (figure.Figure.Panels.All(panel => panel is PicturePanel)) return;
        _html.Write($"<details><summary>Numbers</summary>\n");
        for (var i = 0; i < figure.Figure.Panels.Count; i++)
        {
            var panel = figure.Figure.Panels[i];
            if (PanelTable.Of(panel) is not { } table) continue;
            var name = ReportFiles.NameOf(section, figure, i);
            _html.Write($"<h4>{(panel.Title.Length > 0 ? panel.Title : figure.Figure.Title)}</h4><p class=\"muted\"><a href=\"{_files}/{name}.csv\">{name}.csv</a>{(table.Rows.Count > MostRows ? $" has all {table.Rows.Count.ToString(CultureInfo.InvariantCulture)} rows; here are the first {MostRows}" : "")}</p>");
            if (panel is not TablePanel) Table(table, MostRows);
        }
        _html.Write($"</details>\n");
    }

    private void Panel(Panel panel, ReportFigure figure)
    {
        if (Chart.Svg(panel, _palette) is { } svg)
        {
            var wide = panel is GridPanel && !svg.Contains(FormattableString.Invariant($"viewBox=\"0 0 {Chart.Narrow} "), StringComparison.Ordinal);
            _html.Write($"<div class=\"panel{(wide ? " wide" : "")}\">{new RawHtml(svg)}</div>\n");
        }
        else if (panel is PicturePanel picture)
        {
            var bytes = ReportFiles.Picture(picture, figure.Folder);
            _html.Write($"<div class=\"picture\">{new RawHtml(picture.Title.Length > 0 ? "<h4>" : "")}{picture.Title}{new RawHtml(picture.Title.Length > 0 ? "</h4>" : "")}<img src=\"data:image/png;base64,{Convert.ToBase64String(bytes)}\" alt=\"{picture.Alternative}\" width=\"{picture.Width}\" height=\"{picture.Height}\"></div>\n");
        }
        else if (panel is TablePanel table)
        {
            var folded = table.Rows.Count > MostOpenRows;
            if (folded) _html.Write($"<details class=\"panel wide\"><summary>{panel.Title}: {table.Rows.Count} rows</summary>\n");
            else if (panel.Title.Length > 0) _html.Write($"<div class=\"panel wide\"><h4>{panel.Title}</h4>\n");
            else _html.Write($"<div class=\"panel wide\">\n");
            Table(PanelTable.Of(table)!, MostRows, linked: figure.Figure.Id is FigureTables.Id or "membership");
            _html.Write($"{new RawHtml(folded ? "</details>" : "</div>")}\n");
        }
    }

    /// <param name="table">Its cells.</param>
    /// <param name="most">Rows that are shown.</param>
    /// <param name="linked">Whether heads and first cells are names of figures, which lead to their definitions.</param>
    private void Table(PanelTable table, int most, bool linked = false)
    {
        bool[] numbers = [.. table.Heads.Select((_, c) => table.Rows.Count > 0 && table.Rows.All(row => IsNumber(row[c])))];
        _html.Write($"<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>");
        for (var c = 0; c < table.Heads.Count; c++) _html.Write($"<th scope=\"col\"{new RawHtml(HeadKind(table.Heads[c], numbers[c]))}>{Defined(table.Heads[c], linked)}</th>");
        _html.Write($"</tr></thead><tbody>\n");
        foreach (var row in table.Rows.Take(most))
        {
            _html.Write($"<tr>");
            for (var c = 0; c < row.Length; c++) _html.Write($"<td{new RawHtml(numbers[c] ? " class=\"n\"" : Kind(Cell(row[c]), c == 0))}>{Defined(Cell(row[c]), linked && c == 0)}</td>");
            _html.Write($"</tr>\n");
        }
        _html.Write($"</tbody></table></div>\n");
    }

    private static string Kind(string cell, bool first) =>
        cell.Length <= LongestName && (first || !cell.Contains(' ')) ? " class=\"name\"" : cell.Length > LongestPhrase ? " class=\"words\"" : "";

    private static string HeadKind(string head, bool number) => (number, head.Length <= LongestName && (!head.Contains(' ') || head.Length <= ShortHead)) switch
    {
        (true, true) => " class=\"n name\"",
        (true, false) => " class=\"n\"",
        (false, true) => " class=\"name\"",
        _ => "",
    };

    /// <summary>A cell that begins with the symbol of a figure, as a link to its definition.</summary>
    private static RawHtml Defined(string cell, bool linked)
    {
        var html = new HtmlWriter();
        var symbol = cell.Split(' ')[0];
        if (linked && MetricDefinitions.Find(symbol) is { } metric && metric.Symbol == symbol) html.Write($"<a href=\"#{DefinitionId(metric)}\">{symbol}</a>{cell[symbol.Length..]}");
        else html.Write($"{cell}");
        return new(html.ToString());
    }

    private static string DefinitionId(MetricDefinition metric) => "metric-" + ReportReader.Word(metric.Symbol);

    // Seven figures hold what float32 has; the CSV files have them all.
    private static string Cell(object? cell) => cell is double number ? number.ToString("G7", CultureInfo.InvariantCulture) : cell as string ?? "";

    // Intervals "96.5 ± 0.3" and dashes for none stand among numbers as numbers.
    private static bool IsNumber(object? cell) => cell is null or double || (cell is string text && text.All(c => char.IsAsciiDigit(c) || " .,+-−–±%e".Contains(c)));

    private void Repeat()
    {
        _html.Write($"<section id=\"repeat\"><h2>How to repeat it</h2>\n");
        foreach (var run in _report.Runs)
        {
            _html.Write($"<h3>{run.Name}</h3>\n<pre>{run.Command}</pre>\n");
            if (run.Recipe.Length > 0) _html.Write($"<details><summary>Configuration as recorded</summary><pre>{run.Recipe}</pre></details>\n");
        }
        _html.Write($"</section>\n");
    }

    private void Environment()
    {
        _html.Write($"<section id=\"environment\"><h2>Environment</h2>\n");
        foreach (var run in _report.Runs)
        {
            _html.Write($"<h3>{run.Name}</h3>\n<div class=\"box\"><table><tbody>\n");
            foreach (var (name, value) in run.Environment) _html.Write($"<tr><td>{name.Replace('_', ' ')}</td><td class=\"words\">{value}</td></tr>\n");
            _html.Write($"</tbody></table></div>\n");
        }
        _html.Write($"</section>\n");
    }

    private void Definitions()
    {
        _html.Write($"<section id=\"definitions\"><h2>Definitions</h2>\n<dl>\n");
        foreach (var metric in MetricDefinitions.All)
        {
            _html.Write($"<dt id=\"{DefinitionId(metric)}\">{metric.Symbol}: {metric.Name}</dt><dd>{metric.Definition}</dd>");
            foreach (var (head, text) in new[] { ("Members", metric.Members), ("Non-members", metric.NonMembers), ("Good", metric.Direction), ("Oracle", metric.OracleValue), ("Known defects", metric.Defects) })
            {
                if (text is not null) _html.Write($"<dd><b>{head}:</b> {text}</dd>");
            }
            _html.Write($"<dd class=\"muted\">Source: {metric.Source}</dd>\n");
        }
        _html.Write($"</dl></section>\n");
    }

    private static string Id(ReportSection section, ReportFigure figure) => $"{section.Id}-{figure.Figure.Id}";
}
