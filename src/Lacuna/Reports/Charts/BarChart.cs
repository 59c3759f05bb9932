using System.Globalization;
using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>Bars that lie: however long the names of the groups are, they find room above their bars, on a phone too. Short names of many groups stand in front of the bars.</summary>
internal static class BarChart
{
    private const double Left = 6;
    private const double NameLine = 15;
    private const double ShortName = 110;
    private const int ManyGroups = 12;

    /// <summary>Draws a panel.</summary>
    public static string Draw(BarPanel panel, Palette palette)
    {
        var canvas = new SvgCanvas(Chart.Narrow);
        var top = ChartHead.Draw(canvas, panel.Title, panel.Y.Label, [.. panel.Series.Select(series => new LegendEntry(series.Name, palette[series.Name], LegendKind.Area))]);
        var values = panel.Series.SelectMany(series => series.Values.Concat(series.Low).Concat(series.High));
        // A bar's length is its value: it begins at zero, unless the axis says otherwise.
        var range = Scale.Range(panel.Y, panel.Y.Logarithmic ? values : values.Append(0), round: true);
        var bar = (panel.Categories.Count * panel.Series.Count) switch { <= 60 => 13.0, <= 200 => 9.0, _ => 5.0 };
        var numbers = bar > 10;
        var decimals = Ticks.Decimals(panel.Series.SelectMany(series => series.Values));
        var room = numbers ? panel.Series.SelectMany(series => series.Values).Select(value => TextMeasure.Of(Ticks.Text(value, decimals), SvgCanvas.SmallSize)).DefaultIfEmpty(0).Max() + 8 : 10;
        var widest = panel.Categories.Select(name => TextMeasure.Of(name, SvgCanvas.TextSize)).DefaultIfEmpty(0).Max();
        var inFront = panel.Categories.Count > ManyGroups && widest <= ShortName;
        var scale = new Scale(range.Minimum, range.Maximum, Left + (inFront ? widest + 6 : 0) + (numbers && range.Minimum < 0 ? room : 0), canvas.Width - Math.Max(room, 16), panel.Y.Logarithmic);
        var (groups, bottom) = Places(panel, top, bar, canvas.Width, inFront);
        foreach (var tick in scale.Marks(62))
        {
            canvas.Line(scale.At(tick), top, scale.At(tick), bottom + 4, Ink.Grid);
            var text = Ticks.Text(tick);
            var half = TextMeasure.Of(text, SvgCanvas.SmallSize) / 2;
            canvas.Text(text, Math.Clamp(scale.At(tick), half + 2, canvas.Width - half - 2), bottom + 17, Ink.Muted, Anchor.Middle, SvgCanvas.SmallSize);
        }
        var zero = scale.Inside(panel.Y.Logarithmic ? range.Minimum : Math.Clamp(0, range.Minimum, range.Maximum));
        foreach (var (category, lines, y) in groups)
        {
            for (var i = 0; i < lines.Count; i++) canvas.Text(lines[i], Left, y + 12 + NameLine * i, halo: true);
            var first = y + (inFront ? 1 : NameLine * lines.Count + 3);
            for (var s = 0; s < panel.Series.Count; s++) Bar(canvas, scale, panel, category, s, zero, first + s * bar, bar, numbers ? decimals : null, palette);
            canvas.Line(zero, first - 1, zero, first + bar * panel.Series.Count, Ink.Muted);
        }
        return canvas.Finish(bottom + 26, Chart.Spoken(panel));
    }

    private static (List<(int Category, IReadOnlyList<string> Lines, double Y)> Groups, double Bottom) Places(BarPanel panel, double top, double bar, double width, bool inFront)
    {
        var groups = new List<(int, IReadOnlyList<string>, double)>();
        for (var category = 0; category < panel.Categories.Count; category++)
        {
            var lines = TextMeasure.Wrap(panel.Categories[category], width - 2 * Left, SvgCanvas.TextSize);
            groups.Add((category, lines, top));
            top += inFront ? Math.Max(bar * panel.Series.Count + 5, NameLine + 1) : NameLine * lines.Count + 3 + bar * panel.Series.Count + 8;
        }
        return (groups, top);
    }

    private static void Bar(SvgCanvas canvas, Scale scale, BarPanel panel, int category, int s, double zero, double y, double height, int? decimals, Palette palette)
    {
        var series = panel.Series[s];
        var style = palette[series.Name];
        var value = series.Values[category];
        var (middle, textY) = (y + height / 2, y + height / 2 + 4);
        if (!scale.Shows(value))
        {
            if (decimals is not null) canvas.Text("–", zero + 4, textY, Ink.Muted, size: SvgCanvas.SmallSize);
            return;
        }
        var end = scale.Inside(value);
        var interval = series.Low.Count > 0 && scale.Shows(series.Low[category]) && scale.Shows(series.High[category]);
        var hint = string.Create(CultureInfo.InvariantCulture, $"{series.Name}, {panel.Categories[category]}: {value:R}{(interval ? $" ({series.Low[category]:R} to {series.High[category]:R})" : "")}");
        canvas.Shape("rect", hint, ("x", Math.Min(zero, end)), ("y", y), ("width", Math.Abs(end - zero)), ("height", height - 1.5), ("class", "bar f" + style.Class), ("fill", style.Colour));
        var (left, right) = (Math.Min(zero, end), Math.Max(zero, end));
        if (style.Hatched) Hatching.Draw(canvas, left, y, right - left, height - 1.5);
        if (interval)
        {
            var (low, high) = (scale.Inside(series.Low[category]), scale.Inside(series.High[category]));
            // A light line below the dark one shows on every colour.
            canvas.Shape("path", null, ("d", FormattableString.Invariant($"M{low:0.##} {middle - 0.75:0.##}H{high:0.##}M{low:0.##} {middle - 3.5:0.##}v5.5M{high:0.##} {middle - 3.5:0.##}v5.5")), ("class", "halo"), ("fill", "none"), ("stroke", "#ffffff"), ("stroke-width", 3.5));
            canvas.Shape("path", null, ("d", FormattableString.Invariant($"M{low:0.##} {middle - 0.75:0.##}H{high:0.##}M{low:0.##} {middle - 3.5:0.##}v5.5M{high:0.##} {middle - 3.5:0.##}v5.5")), ("class", "whisker lt"), ("fill", "none"), ("stroke", "#1a1a1a"), ("stroke-width", 1.25));
            (left, right) = (Math.Min(left, low), Math.Max(right, high));
        }
        if (decimals is not { } places) return;
        if (value < 0) canvas.Text(Ticks.Text(value, places), left - 4, textY - 0.75, Ink.Text, Anchor.End, SvgCanvas.SmallSize, halo: true);
        else canvas.Text(Ticks.Text(value, places), right + 4, textY - 0.75, Ink.Text, size: SvgCanvas.SmallSize, halo: true);
    }
}
