using System.Globalization;
using System.Text;
using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>Counts over common bins: a filled outline a group. Groups of very different size are drawn as shares of themselves, else the small ones lie flat on the axis.</summary>
internal static class HistogramChart
{
    private const double ComparableSizes = 1.5;

    /// <summary>Draws a panel.</summary>
    public static string Draw(HistogramPanel panel, Palette palette)
    {
        var canvas = new SvgCanvas(Chart.Narrow);
        double[] totals = [.. panel.Groups.Select(group => group.Counts.Where(double.IsFinite).Sum())];
        var shares = AsShares(totals);
        var legend = panel.Groups.Select((group, i) => new LegendEntry(shares ? $"{group.Name} ({Ticks.Text(totals[i])})" : group.Name, palette[group.Name], LegendKind.Area));
        var top = ChartHead.Draw(canvas, panel.Title, shares ? "share of each group (%) in a bin" : panel.CountLabel, [.. legend]);
        var y = new Axis("", Minimum: 0);
        double Value(int group, int bin) => shares ? 100 * panel.Groups[group].Counts[bin] / totals[group] : panel.Groups[group].Counts[bin];
        var values = panel.Groups.SelectMany((group, g) => group.Counts.Select((_, bin) => Value(g, bin)));
        var frame = new PlotFrame(canvas, top, panel.X, Scale.Range(panel.X, panel.Edges, round: false), y, Scale.Range(y, values, round: true), panel.Marks);
        frame.BeginData();
        for (var g = 0; g < panel.Groups.Count; g++)
        {
            var style = palette[panel.Groups[g].Name];
            var outline = Outline(frame, panel.Edges, bin => Value(g, bin), panel.Groups[g].Counts.Count);
            canvas.Shape("path", null, ("d", outline), ("class", "area f" + style.Class), ("fill", style.Colour), ("fill-opacity", 0.16));
            canvas.Shape("path", null, ("d", outline), ("class", "steps l" + style.Class), ("fill", "none"), ("stroke", style.Colour), ("stroke-width", 1.75), ("stroke-dasharray", Dash(g)));
        }
        Hints(canvas, frame, panel);
        frame.EndData(totals.All(total => total == 0));
        return canvas.Finish(frame.End, Chart.Spoken(panel));
    }

    /// <summary>Whether groups are compared by their shape, for their sizes differ.</summary>
    internal static bool AsShares(IReadOnlyList<double> totals) => totals.Count > 1 && totals.All(total => total > 0) && totals.Max() > ComparableSizes * totals.Min();

    // The outlines of groups cross; dashes tell them apart without colour.
    private static string? Dash(int group) => (group % 4) switch { 0 => null, 1 => "6 2", 2 => "2 2", _ => "8 2 2 2" };

    private static string Outline(PlotFrame frame, IReadOnlyList<double> edges, Func<int, double> value, int bins)
    {
        var path = new StringBuilder();
        path.Append('M').Append(SvgCanvas.Number(frame.X.Inside(edges[0]))).Append(' ').Append(SvgCanvas.Number(frame.Bottom));
        for (var bin = 0; bin < bins; bin++)
        {
            var at = frame.Y.Shows(value(bin)) ? frame.Y.At(value(bin)) : frame.Bottom;
            path.Append('V').Append(SvgCanvas.Number(at)).Append('H').Append(SvgCanvas.Number(frame.X.Inside(edges[bin + 1])));
        }
        return path.Append('V').Append(SvgCanvas.Number(frame.Bottom)).Append('Z').ToString();
    }

    /// <summary>Unseen columns over the bins, whose counts a pointer shows.</summary>
    private static void Hints(SvgCanvas canvas, PlotFrame frame, HistogramPanel panel)
    {
        for (var bin = 0; bin + 1 < panel.Edges.Count; bin++)
        {
            var (left, right) = (frame.X.Inside(panel.Edges[bin]), frame.X.Inside(panel.Edges[bin + 1]));
            var counts = string.Join(", ", panel.Groups.Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Name} {group.Counts[bin]:R}")));
            canvas.Shape("rect", string.Create(CultureInfo.InvariantCulture, $"{panel.Edges[bin]:G6} to {panel.Edges[bin + 1]:G6}: {counts}"),
                ("x", left), ("y", frame.Top), ("width", Math.Max(0, right - left)), ("height", frame.Bottom - frame.Top), ("fill", "none"), ("pointer-events", "all"));
        }
    }
}
