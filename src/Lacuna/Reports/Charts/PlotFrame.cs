using Lacuna.Figures;

namespace Lacuna.Reports.Charts;

/// <summary>The two axes of a chart with their numbers, grid lines, and named places on the lower one.</summary>
internal sealed class PlotFrame
{
    private const double Height = 220;
    private const double MarkRow = 15;

    private readonly SvgCanvas _canvas;

    /// <summary>Draws everything but the data.</summary>
    /// <param name="canvas">Drawn into.</param>
    /// <param name="top">Where it begins.</param>
    /// <param name="x">The lower axis.</param>
    /// <param name="xRange">Its ends.</param>
    /// <param name="y">The upward axis.</param>
    /// <param name="yRange">Its ends.</param>
    /// <param name="marks">Named places on X.</param>
    public PlotFrame(SvgCanvas canvas, double top, Axis x, (double Minimum, double Maximum) xRange, Axis y, (double Minimum, double Maximum) yRange, IReadOnlyList<Mark> marks)
    {
        _canvas = canvas;
        var yTicks = new Scale(yRange.Minimum, yRange.Maximum, Height, 0, y.Logarithmic).Marks(44);
        Left = 10 + yTicks.Select(tick => TextMeasure.Of(Ticks.Text(tick), SvgCanvas.SmallSize)).DefaultIfEmpty(0).Max();
        Right = canvas.Width - 16;
        X = new(xRange.Minimum, xRange.Maximum, Left, Right, x.Logarithmic);
        Mark[] shown = [.. marks.Where(mark => X.Shows(mark.At) && mark.At >= xRange.Minimum && mark.At <= xRange.Maximum)];
        var rows = PlaceMarks(shown);
        Top = top + 6 + (rows.Count == 0 ? 0 : rows.Max(place => place.Row) * MarkRow + MarkRow);
        Bottom = Top + Height;
        Y = new(yRange.Minimum, yRange.Maximum, Bottom, Top, y.Logarithmic);
        foreach (var tick in yTicks)
        {
            canvas.Line(Left, Y.At(tick), Right, Y.At(tick), Ink.Grid);
            canvas.Text(Ticks.Text(tick), Left - 5, Y.At(tick) + 4, Ink.Muted, Anchor.End, SvgCanvas.SmallSize);
        }
        LowerNumbers(X.Marks(62));
        foreach (var place in rows) canvas.Line(X.At(place.Mark.At), BaseLine(place.Row) + 3, X.At(place.Mark.At), Bottom, Ink.Text, 1.25, "3 3");
        foreach (var place in rows) canvas.Text(place.Text, place.Left, BaseLine(place.Row), Ink.Text, size: SvgCanvas.SmallSize, halo: true);
        var low = Bottom + 20;
        foreach (var line in TextMeasure.Wrap(x.Label, canvas.Width - 8, SvgCanvas.TextSize))
        {
            low += 16;
            canvas.Text(line, Math.Clamp((Left + Right) / 2, TextMeasure.Of(line, SvgCanvas.TextSize) / 2 + 4, canvas.Width - TextMeasure.Of(line, SvgCanvas.TextSize) / 2 - 4), low, Ink.Muted, Anchor.Middle);
        }
        End = low + 8;

        double BaseLine(int row) => top + row * MarkRow + 11;
    }

    /// <summary>Left edge of the data.</summary>
    public double Left { get; }

    /// <summary>Right edge.</summary>
    public double Right { get; }

    /// <summary>Upper edge.</summary>
    public double Top { get; }

    /// <summary>Lower edge.</summary>
    public double Bottom { get; }

    /// <summary>Where the drawing ends.</summary>
    public double End { get; }

    /// <summary>Places of values along the lower axis.</summary>
    public Scale X { get; }

    /// <summary>Places of values upwards.</summary>
    public Scale Y { get; }

    /// <summary>What is drawn until <see cref="EndData"/> is cut off at the edges; markers on an edge are not.</summary>
    public void BeginData()
    {
        const double rim = 5;
        var (x, y, w, h) = (Left - rim, Top - rim, Right - Left + 2 * rim, Bottom - Top + 2 * rim);
        _canvas.Open("svg", ("x", x), ("y", y), ("width", w), ("height", h), ("viewBox", string.Join(' ', new[] { x, y, w, h }.Select(SvgCanvas.Number))));
    }

    /// <summary>See <see cref="BeginData"/>; then the axis itself.</summary>
    /// <param name="empty">Whether nothing could be drawn, which is said then.</param>
    public void EndData(bool empty)
    {
        _canvas.Close();
        if (empty) _canvas.Text("no values", (Left + Right) / 2, (Top + Bottom) / 2, Ink.Muted, Anchor.Middle, halo: true);
        _canvas.Line(Left, Bottom, Right, Bottom, Ink.Muted);
    }

    private void LowerNumbers(IReadOnlyList<double> ticks)
    {
        var free = double.NegativeInfinity;
        foreach (var tick in ticks)
        {
            var text = Ticks.Text(tick);
            var half = TextMeasure.Of(text, SvgCanvas.SmallSize) / 2;
            var at = Math.Min(X.At(tick), _canvas.Width - half - 2);
            _canvas.Line(X.At(tick), Bottom, X.At(tick), Bottom + 4, Ink.Muted);
            if (at - half < free) continue;
            _canvas.Text(text, at, Bottom + 17, Ink.Muted, Anchor.Middle, SvgCanvas.SmallSize);
            free = at + half + 6;
        }
    }

    /// <summary>Each name in the highest row where it meets no other, near its place.</summary>
    private List<(Mark Mark, string Text, double Left, int Row)> PlaceMarks(IEnumerable<Mark> marks)
    {
        var ends = new List<double>();
        var places = new List<(Mark, string, double, int)>();
        foreach (var mark in marks.OrderBy(mark => mark.At))
        {
            var text = TextMeasure.Shorten(mark.Name, Right - Left, SvgCanvas.SmallSize);
            var width = TextMeasure.Of(text, SvgCanvas.SmallSize);
            var left = Math.Clamp(X.At(mark.At) - width / 2, 4, _canvas.Width - width - 4);
            var row = ends.FindIndex(end => end + 8 < left);
            if (row < 0)
            {
                row = ends.Count;
                ends.Add(0);
            }
            ends[row] = left + width;
            places.Add((mark, text, left, row));
        }
        return places;
    }
}
