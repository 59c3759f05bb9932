using Lacuna.Figures;

namespace Lacuna.Reports;

/// <summary>Whether a figure's record fits together. Records are files that anyone may have written, and their ids become file names.</summary>
internal static class FigureCheck
{
    /// <summary>What is wrong, in a clause; null where nothing is.</summary>
    public static string? Problem(Figure figure)
    {
        if (figure.Id is null or "" || figure.Id.Length > 100 || figure.Id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) return $"its id is '{figure.Id}'; an id has lower-case letters, digits and hyphens";
        if (figure.Title is null || figure.Caption is null || figure.Source is null || figure.Panels is null) return "title, caption, source or panels are missing";
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            if (Problem(figure.Panels[i]) is { } problem) return $"panel {i + 1} {problem}";
        }
        return null;
    }

    private static string? Problem(Panel panel) => panel switch
    {
        null => "is empty",
        { Title: null } => "has no title",
        LinePanel { X.Label: not null, Y.Label: not null, Lines: not null, Marks: not null } lines => First(lines.Lines, line => OfLine(line)) ?? OfMarks(lines.Marks),
        BarPanel { Y.Label: not null, Categories: not null, Series: not null } bars => Missing(bars.Categories) ?? First(bars.Series, series => OfSeries(series, bars.Categories.Count)),
        HistogramPanel { X.Label: not null, Edges: not null, Groups: not null, Marks: not null, CountLabel: not null } histogram => OfHistogram(histogram),
        GridPanel { ColumnLabel: not null, RowLabel: not null, Rows: not null, Columns: not null, Values: not null, ValueLabel: not null } grid => OfGrid(grid),
        TablePanel { Heads: not null, Rows: not null } table => Missing(table.Heads) ?? First(table.Rows, row => row is null ? "has an empty row" : row.Count != table.Heads.Count ? $"has a row of {row.Count} cells below {table.Heads.Count} heads" : Missing(row)),
        PicturePanel { File: not null, Alternative: not null } picture => Path.GetFileName(picture.File) == picture.File && picture.File.EndsWith(".png", StringComparison.Ordinal) && !picture.File.Contains('\\') && picture.Width > 0 && picture.Height > 0
            ? null : $"names the picture '{picture.File}'; that is a PNG file beside the record, with its size",
        _ => "lacks one of its parts",
    };

    private static string? OfLine(Line? line) => line switch
    {
        { Name: not null, X: not null, Y: not null, Low: not null, High: not null } =>
            line.X.Count != line.Y.Count ? $"has {line.X.Count} places but {line.Y.Count} values in '{line.Name}'"
            : line.Low.Count != line.High.Count || (line.Low.Count > 0 && line.Low.Count != line.Y.Count) ? $"has {line.Low.Count} lower and {line.High.Count} upper ends to {line.Y.Count} values in '{line.Name}'"
            : null,
        _ => "has an unfinished line",
    };

    private static string? OfMarks(IEnumerable<Mark> marks) => marks.Any(mark => mark.Name is null) ? "has a mark without a name" : null;

    private static string? OfSeries(BarSeries? series, int categories) => series switch
    {
        { Name: not null, Values: not null, Low: not null, High: not null } =>
            series.Values.Count != categories ? $"has {series.Values.Count} bars of '{series.Name}' in {categories} groups"
            : series.Low.Count != series.High.Count || (series.Low.Count > 0 && series.Low.Count != categories) ? $"has {series.Low.Count} lower and {series.High.Count} upper ends to {categories} bars of '{series.Name}'"
            : null,
        _ => "has an unfinished series",
    };

    private static string? OfHistogram(HistogramPanel panel)
    {
        if (panel.Edges.Count < 2) return "has fewer than two edges";
        if (panel.Edges.Zip(panel.Edges.Skip(1)).Any(pair => !(pair.First < pair.Second) || !double.IsFinite(pair.First) || !double.IsFinite(pair.Second))) return "has edges that do not ascend";
        return First(panel.Groups, group => group is not { Name: not null, Counts: not null } ? "has an unfinished group"
            : group.Counts.Count != panel.Edges.Count - 1 ? $"has {group.Counts.Count} counts of '{group.Name}' between {panel.Edges.Count} edges" : null) ?? OfMarks(panel.Marks);
    }

    private static string? OfGrid(GridPanel grid)
    {
        if (grid.Values.Count != grid.Rows.Count) return $"has {grid.Values.Count} rows of values and {grid.Rows.Count} names";
        if (grid.Chosen is { } point && (point.Name is null || !double.IsFinite(point.Row) || !double.IsFinite(point.Column) || point.Row < -0.5 || point.Row > grid.Rows.Count - 0.5 || point.Column < -0.5 || point.Column > grid.Columns.Count - 0.5))
            return "marks a point that does not lie in it";
        return Missing(grid.Rows) ?? Missing(grid.Columns) ?? First(grid.Values, row => row is null ? "has an empty row" : row.Count != grid.Columns.Count ? $"has a row of {row.Count} values in {grid.Columns.Count} columns" : null);
    }

    private static string? Missing(IReadOnlyList<string> names) => names.Any(name => name is null) ? "has an empty name" : null;

    private static string? First<T>(IEnumerable<T> parts, Func<T, string?> problem) => parts.Select(problem).FirstOrDefault(found => found is not null);
}
