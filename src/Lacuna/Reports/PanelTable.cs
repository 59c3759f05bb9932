using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>The numbers of a panel as a table: what the CSV file holds and what a page shows below a chart.</summary>
public sealed class PanelTable
{
    private PanelTable(IReadOnlyList<string> heads, IReadOnlyList<object?[]> rows) => (Heads, Rows) = (heads, rows);

    /// <summary>Column heads.</summary>
    public IReadOnlyList<string> Heads { get; }

    /// <summary>Cells: words, numbers, or null for none.</summary>
    public IReadOnlyList<object?[]> Rows { get; }

    /// <summary>The numbers of a panel; a picture has none.</summary>
    public static PanelTable? Of(Panel panel) => panel switch
    {
        LinePanel lines => new(["series", "x: " + lines.X.Label, "y: " + lines.Y.Label, "low", "high"],
            [.. lines.Lines.SelectMany(line => line.X.Select((x, i) => new object?[] { line.Name, x, line.Y[i], At(line.Low, i), At(line.High, i) })), .. lines.Marks.Select(mark => new object?[] { $"mark: {mark.Name}", mark.At, null, null, null })]),
        BarPanel bars => new(["group", "series", bars.Y.Label, "low", "high"],
            [.. bars.Categories.SelectMany((category, i) => bars.Series.Select(series => new object?[] { category, series.Name, series.Values[i], At(series.Low, i), At(series.High, i) }))]),
        HistogramPanel histogram => new(["from: " + histogram.X.Label, "to", .. histogram.Groups.Select(group => group.Name)],
            [.. Enumerable.Range(0, histogram.Edges.Count - 1).Select(i => new object?[] { histogram.Edges[i], histogram.Edges[i + 1] }.Concat(histogram.Groups.Select(group => (object?)group.Counts[i])).ToArray())]),
        GridPanel grid => new([$"{grid.RowLabel} \\ {grid.ColumnLabel}", .. grid.Columns], [.. grid.Rows.Select((row, i) => new object?[] { row }.Concat(grid.Values[i].Select(value => (object?)value)).ToArray())]),
        TablePanel table => new(table.Heads, [.. table.Rows.Select(row => row.Select(cell => (object?)cell).ToArray())]),
        _ => null,
    };

    /// <summary>After RFC 4180; numbers with as many digits as give the same number again.</summary>
    public string Csv()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }))
        {
            foreach (var head in Heads) csv.WriteField(head);
            csv.NextRecord();
            foreach (var row in Rows)
            {
                foreach (var cell in row) csv.WriteField(cell is double number ? number.ToString("R", CultureInfo.InvariantCulture) : cell as string);
                csv.NextRecord();
            }
        }
        return text.ToString();
    }

    private static object? At(IReadOnlyList<double> ends, int i) => ends.Count == 0 ? null : ends[i];
}
