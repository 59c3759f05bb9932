namespace Lacuna.Reports.Charts;

/// <summary>What stands above the data of a chart: title, legend, name of the upward axis.</summary>
internal static class ChartHead
{
    private const double Left = 4;
    private const double Swatch = 26;
    private const double LegendRow = 18;

    /// <summary>Draws it and returns where the rest begins.</summary>
    /// <param name="canvas">Drawn into.</param>
    /// <param name="title">Of the panel; may be empty.</param>
    /// <param name="axis">What the values are; may be empty.</param>
    /// <param name="legend">Names with their looks; one alone that says what the title says needs none.</param>
    public static double Draw(SvgCanvas canvas, string title, string axis, IReadOnlyList<LegendEntry> legend)
    {
        var y = 4.0;
        foreach (var line in TextMeasure.Wrap(title, canvas.Width - 2 * Left, SvgCanvas.TitleSize, bold: true))
        {
            y += 17;
            canvas.Text(line, Left, y, size: SvgCanvas.TitleSize, bold: true);
        }
        if (legend.Count > 0) y = Legend(canvas, legend, y + 6);
        foreach (var line in TextMeasure.Wrap(axis, canvas.Width - 2 * Left, SvgCanvas.TextSize))
        {
            y += 16;
            canvas.Text(line, Left, y, Ink.Muted);
        }
        return y + 8;
    }

    private static double Legend(SvgCanvas canvas, IReadOnlyList<LegendEntry> entries, double y)
    {
        var x = Left;
        y += 12;
        foreach (var entry in entries)
        {
            var name = TextMeasure.Shorten(entry.Name, canvas.Width - 2 * Left - Swatch, SvgCanvas.TextSize);
            var width = Swatch + TextMeasure.Of(name, SvgCanvas.TextSize) + 14;
            if (x > Left && x + width - 14 > canvas.Width - Left) (x, y) = (Left, y + LegendRow);
            Key(canvas, entry, x, y - 4);
            canvas.Text(name, x + Swatch, y);
            x += width;
        }
        return y + 2;
    }

    private static void Key(SvgCanvas canvas, LegendEntry entry, double x, double y)
    {
        var style = entry.Style;
        if (entry.Kind == LegendKind.Area)
        {
            canvas.Shape("rect", null, ("x", x + 4), ("y", y - 5), ("width", 14.0), ("height", 10.0), ("class", "f" + style.Class), ("fill", style.Colour));
            if (style.Hatched) Hatching.Draw(canvas, x + 4, y - 5, 14, 10);
            return;
        }
        canvas.Shape("line", null, ("x1", x), ("y1", y), ("x2", x + 21), ("y2", y), ("class", "l" + style.Class), ("stroke", style.Colour), ("stroke-width", 2.0),
            ("stroke-dasharray", entry.Kind == LegendKind.DashedLine ? "4 4" : style.Dash));
        if (entry.Kind == LegendKind.Line) canvas.Shape("path", null, ("d", style.Marker(x + 10.5, y)), ("class", "f" + style.Class), ("fill", style.Colour));
    }
}
