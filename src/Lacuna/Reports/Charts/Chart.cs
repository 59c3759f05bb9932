using System.Globalization;
using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>Draws panels as SVG. The same record gives the same bytes.</summary>
internal static class Chart
{
    /// <summary>Width of most charts: what a phone shows without making the words small.</summary>
    public const double Narrow = 440;

    /// <summary>Width of the widest.</summary>
    public const double Wide = 940;

    /// <summary>The picture of a panel; null for tables and pictures, which are not drawn.</summary>
    public static string? Svg(Panel panel, Palette palette) => panel switch
    {
        LinePanel lines => LineChart.Draw(lines, palette),
        BarPanel bars => BarChart.Draw(bars, palette),
        HistogramPanel histogram => HistogramChart.Draw(histogram, palette),
        GridPanel grid => GridChart.Draw(grid),
        _ => null,
    };

    /// <summary>A chart in a sentence, for those who cannot see it; its numbers follow in a table.</summary>
    public static string Spoken(Panel panel) => string.Create(CultureInfo.InvariantCulture, $"{(panel.Title.Length > 0 ? panel.Title + ". " : "")}{panel switch
    {
        LinePanel lines => $"Line chart of {lines.Y.Label} over {lines.X.Label}: {Names(lines.Lines.Select(line => line.Name))}.",
        BarPanel bars => $"Bar chart of {bars.Y.Label} in {bars.Categories.Count} groups: {Names(bars.Series.Select(series => series.Name))}.",
        HistogramPanel histogram => $"Histogram of {histogram.X.Label}: {Names(histogram.Groups.Select(group => group.Name))}.",
        GridPanel grid => $"Grid of {grid.ValueLabel}: {grid.Rows.Count} rows of {grid.RowLabel}, {grid.Columns.Count} columns of {grid.ColumnLabel}.",
        _ => "",
    }}");

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct(StringComparer.Ordinal));
}
