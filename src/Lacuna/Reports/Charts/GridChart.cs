using System.Globalization;
using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>A heat map or a prediction matrix: the fuller a cell's colour, the larger its value.</summary>
internal static class GridChart
{
    private const double LongestName = 120;
    private const double LeastNameApart = 12;
    // Text is black below and white above (on dark ground the other way round); there both contrasts are 4.5 or more with the colours of report.css.
    private const double HalfFull = 0.73;
    private const double TallestGrid = 640;
    private const int ScaleSteps = 24;
    // Room for a number, and what is enough for a colour.
    private const double NumberCell = 30;
    private const double BareCell = 14;

    /// <summary>Draws a panel.</summary>
    public static string Draw(GridPanel panel)
    {
        var (rows, columns) = (Math.Max(1, panel.Rows.Count), Math.Max(1, panel.Columns.Count));
        var names = panel.Rows.Select(name => TextMeasure.Shorten(name, LongestName, SvgCanvas.SmallSize)).ToArray();
        var left = 8 + names.Select(name => TextMeasure.Of(name, SvgCanvas.SmallSize)).DefaultIfEmpty(0).Max();
        var canvas = new SvgCanvas(Math.Clamp(left + 12 + columns * (panel.ShowNumbers ? NumberCell : BareCell), Chart.Narrow, Chart.Wide));
        var cell = (canvas.Width - left - 12) / columns;
        // Rows of few stay high enough for their names, however narrow many columns make the cells.
        var height = Math.Min(Math.Max(cell, Math.Min(LeastNameApart + 4, TallestGrid / rows)), Math.Max(TallestGrid / rows, 3));
        var top = ChartHead.Draw(canvas, panel.Title, panel.RowLabel.Length > 0 ? $"{panel.RowLabel} (rows)" : "", []);
        double[] finite = [.. panel.Values.SelectMany(row => row).Where(double.IsFinite)];
        var (low, high) = finite.Length > 0 ? (finite.Min(), finite.Max()) : (0, 1);
        // Shares and counts are read from nothing upwards.
        if (low > 0 && panel.ShowNumbers) low = 0;
        double Fullness(double value) => high > low ? (value - low) / (high - low) : 0.5;

        var size = panel.ShowNumbers ? NumberSize(finite, cell, height) : 0;
        for (var r = 0; r < panel.Values.Count; r++)
        {
            for (var c = 0; c < panel.Values[r].Count; c++) Cell(canvas, panel, r, c, left + c * cell, top + r * height, cell, height, Fullness(panel.Values[r][c]), size);
        }
        var bottom = top + rows * height;
        canvas.Shape("rect", null, ("x", left), ("y", top), ("width", cell * columns), ("height", rows * height), ("class", "lg"), ("fill", "none"), ("stroke", "#dcdee3"));
        var every = Every(height);
        for (var r = 0; r < panel.Rows.Count; r += every) canvas.Text(names[r], left - 4, top + (r + 0.5) * height + 4, Ink.Muted, Anchor.End, SvgCanvas.SmallSize);
        bottom = ColumnNames(canvas, panel, left, cell, bottom);
        if (panel.Chosen is { } chosen) Choose(canvas, chosen, left + (chosen.Column + 0.5) * cell, top + (chosen.Row + 0.5) * height);
        foreach (var line in TextMeasure.Wrap(panel.ColumnLabel.Length > 0 ? $"{panel.ColumnLabel} (columns)" : "", canvas.Width - 8, SvgCanvas.TextSize))
        {
            bottom += 16;
            canvas.Text(line, canvas.Width / 2, bottom, Ink.Muted, Anchor.Middle);
        }
        return canvas.Finish(ColourScale(canvas, panel, low, high, bottom + 12), Chart.Spoken(panel));
    }

    private static void Cell(SvgCanvas canvas, GridPanel panel, int r, int c, double x, double y, double width, double height, double fullness, double size)
    {
        var value = panel.Values[r][c];
        if (!double.IsFinite(value))
        {
            canvas.Line(x + width * 0.3, y + height / 2, x + width * 0.7, y + height / 2, Ink.Muted);
            return;
        }
        // Most cells of a prediction matrix are empty, and paper shows that as well.
        if (fullness > 0)
        {
            var hint = string.Create(CultureInfo.InvariantCulture, $"{panel.Rows[r]}, {panel.Columns[c]}: {value:R}");
            canvas.Shape("rect", hint, ("x", x), ("y", y), ("width", width), ("height", height), ("class", "cell"), ("shape-rendering", "crispEdges"), ("fill", "#084594"), ("fill-opacity", Math.Round(fullness, 4).ToString("0.####", CultureInfo.InvariantCulture)));
        }
        if (size > 0) canvas.Text(CellText(value), x + width / 2, y + height / 2 + size * 0.36, value == 0 && fullness == 0 ? Ink.Muted : fullness > HalfFull ? Ink.OnHigh : Ink.OnLow, Anchor.Middle, size);
    }

    private static double NumberSize(IEnumerable<double> values, double cell, double height)
    {
        var widest = values.Select(value => TextMeasure.Of(CellText(value), 1)).DefaultIfEmpty(1).Max();
        var size = Math.Min(SvgCanvas.TextSize, Math.Min((cell - 3) / widest, height * 0.7));
        return size >= 7.5 ? size : 0;
    }

    // Three figures are what a cell has room for.
    private static string CellText(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 99.95 => Math.Round(value).ToString("0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.001 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0e0", CultureInfo.InvariantCulture),
    };

    // The ends of a colour scale need no more digits than eyes tell colours apart.
    private static string EndText(double value) => Ticks.Text(double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private static double ColumnNames(SvgCanvas canvas, GridPanel panel, double left, double cell, double bottom)
    {
        if (panel.Columns.Count == 0) return bottom;
        var widest = panel.Columns.Max(name => TextMeasure.Of(name, SvgCanvas.SmallSize));
        if (widest <= cell - 4)
        {
            for (var c = 0; c < panel.Columns.Count; c++) canvas.Text(panel.Columns[c], left + (c + 0.5) * cell, bottom + 14, Ink.Muted, Anchor.Middle, SvgCanvas.SmallSize);
            return bottom + 16;
        }
        for (var c = 0; c < panel.Columns.Count; c += Every(cell))
            canvas.Text(TextMeasure.Shorten(panel.Columns[c], LongestName, SvgCanvas.SmallSize), left + (c + 0.5) * cell + 4, bottom + 5, Ink.Muted, Anchor.End, SvgCanvas.SmallSize, upwards: true);
        return bottom + 8 + Math.Min(widest, LongestName);
    }

    private static int Every(double cell) => Math.Max(1, (int)Math.Ceiling(LeastNameApart / cell));

    private static void Choose(SvgCanvas canvas, GridPoint point, double x, double y)
    {
        canvas.Shape("circle", point.Name, ("cx", x), ("cy", y), ("r", 6.0), ("fill", "none"), ("class", "chosen"), ("stroke", "#ffffff"), ("stroke-width", 5.0));
        canvas.Shape("circle", point.Name, ("cx", x), ("cy", y), ("r", 6.0), ("fill", "none"), ("class", "chosen"), ("stroke", "#d55e00"), ("stroke-width", 2.5));
    }

    private static double ColourScale(SvgCanvas canvas, GridPanel panel, double low, double high, double top)
    {
        const double width = 150;
        const double left = 8;
        for (var i = 0; i < ScaleSteps; i++)
            canvas.Shape("rect", null, ("x", left + i * width / ScaleSteps), ("y", top), ("width", width / ScaleSteps), ("height", 10.0), ("class", "cell"), ("shape-rendering", "crispEdges"), ("fill", "#084594"), ("fill-opacity", (i + 0.5) / ScaleSteps));
        canvas.Shape("rect", null, ("x", left), ("y", top), ("width", width), ("height", 10.0), ("class", "lg"), ("fill", "none"), ("stroke", "#dcdee3"));
        canvas.Text(EndText(low), left, top + 23, Ink.Muted, size: SvgCanvas.SmallSize);
        canvas.Text(EndText(high), left + width, top + 23, Ink.Muted, Anchor.End, SvgCanvas.SmallSize);
        var lines = TextMeasure.Wrap(panel.ValueLabel, canvas.Width - left - width - 20, SvgCanvas.TextSize);
        for (var i = 0; i < lines.Count; i++) canvas.Text(lines[i], left + width + 12, top + 10 + 15 * i, Ink.Muted);
        var end = top + Math.Max(28, 15 * lines.Count + 4);
        if (panel.Chosen is not { } chosen) return end;
        Choose(canvas, chosen, left + 8, end + 10);
        canvas.Text(TextMeasure.Shorten(chosen.Name, canvas.Width - left - 30, SvgCanvas.TextSize), left + 22, end + 14);
        return end + 22;
    }
}
