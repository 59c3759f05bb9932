using System.Globalization;
using System.Text;
using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>Curves, their intervals as bands, references dashed.</summary>
internal static class LineChart
{
    // More markers than this hide the curve; every n-th is drawn then.
    private const int MostMarkers = 12;

    /// <summary>Draws a panel.</summary>
    public static string Draw(LinePanel panel, Palette palette)
    {
        var canvas = new SvgCanvas(Chart.Narrow);
        var legend = panel.Lines.DistinctBy(line => line.Name).Select(line => new LegendEntry(line.Name, palette[line.Name], line.Dashed ? LegendKind.DashedLine : LegendKind.Line));
        var top = ChartHead.Draw(canvas, panel.Title, panel.Y.Label, [.. legend]);
        var xs = panel.Lines.SelectMany(line => line.X).Concat(panel.Marks.Select(mark => mark.At));
        var ys = panel.Lines.SelectMany(line => line.Y.Concat(line.Low).Concat(line.High));
        var frame = new PlotFrame(canvas, top, panel.X, Scale.Range(panel.X, xs, round: false), panel.Y, Scale.Range(panel.Y, ys, round: true), panel.Marks);
        frame.BeginData();
        foreach (var line in panel.Lines) Band(canvas, frame, line, palette[line.Name]);
        for (var i = 0; i < panel.Lines.Count; i++) Curve(canvas, frame, panel.Lines[i], palette[panel.Lines[i].Name], i);
        frame.EndData(!panel.Lines.Any(line => line.X.Zip(line.Y).Any(point => frame.X.Shows(point.First) && frame.Y.Shows(point.Second))));
        return canvas.Finish(frame.End, Chart.Spoken(panel));
    }

    private static void Band(SvgCanvas canvas, PlotFrame frame, Line line, SeriesStyle style)
    {
        if (line.Low.Count == 0) return;
        foreach (var run in Runs(line.X.Count, i => frame.X.Shows(line.X[i]) && frame.Y.Shows(line.Low[i]) && frame.Y.Shows(line.High[i])))
        {
            var upper = run.Select(i => (frame.X.At(line.X[i]), frame.Y.At(line.High[i])));
            var lower = run.Reverse().Select(i => (frame.X.At(line.X[i]), frame.Y.At(line.Low[i])));
            canvas.Shape("path", null, ("d", Path(upper.Concat(lower)) + "Z"), ("class", "band f" + style.Class), ("fill", style.Colour), ("fill-opacity", 0.18));
        }
    }

    private static void Curve(SvgCanvas canvas, PlotFrame frame, Line line, SeriesStyle style, int order)
    {
        var shown = 0;
        var every = (line.X.Count + MostMarkers - 1) / MostMarkers;
        foreach (var run in Runs(line.X.Count, i => frame.X.Shows(line.X[i]) && frame.Y.Shows(line.Y[i])))
        {
            if (run.Length > 1)
            {
                canvas.Shape("path", null, ("d", Path(run.Select(i => (frame.X.At(line.X[i]), frame.Y.At(line.Y[i]))))), ("class", "curve l" + style.Class), ("fill", "none"), ("stroke", style.Colour),
                    ("stroke-width", line.Dashed ? 1.5 : 2.0), ("stroke-linejoin", "round"), ("stroke-dasharray", line.Dashed ? "4 4" : style.Dash));
            }
            foreach (var i in run)
            {
                // Shifted from curve to curve, so that curves on top of each other show both shapes.
                var marked = run.Length == 1 || (!line.Dashed && (every <= 1 || shown % every == order % every));
                shown++;
                if (!marked) continue;
                var hint = $"{line.Name}: {Exact(line.Y[i])} at {Exact(line.X[i])}{(line.Low.Count > 0 ? $", {Exact(line.Low[i])} to {Exact(line.High[i])}" : "")}";
                canvas.Shape("path", hint, ("d", style.Marker(frame.X.At(line.X[i]), frame.Y.At(line.Y[i]))), ("class", "marker f" + style.Class), ("fill", style.Colour));
            }
        }
    }

    /// <summary>Indices in runs without a gap.</summary>
    private static IEnumerable<int[]> Runs(int count, Func<int, bool> shown)
    {
        var run = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (shown(i))
            {
                run.Add(i);
                continue;
            }
            if (run.Count > 0) yield return [.. run];
            run.Clear();
        }
        if (run.Count > 0) yield return [.. run];
    }

    private static string Path(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points) path.Append(path.Length == 0 ? 'M' : 'L').Append(SvgCanvas.Number(x)).Append(' ').Append(SvgCanvas.Number(y));
        return path.ToString();
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
