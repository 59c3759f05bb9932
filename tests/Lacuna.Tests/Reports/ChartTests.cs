using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lacuna.Figures;
using Lacuna.Reports.Charts;

namespace Lacuna.Tests.Reports;

/// <summary>What is drawn against the numbers that it stands for: exchanged numbers would be seen.</summary>
public sealed partial class ChartTests
{
    // Places are written to hundredths of a unit.
    private const double Rounding = 0.02;

    [Fact]
    public void EveryBarIsAsLongAsItsNumber()
    {
        var panel = (BarPanel)SyntheticReport.Bars().Panels[0];
        var bars = Drawn(panel, "rect", "bar");
        // Of the longest bar, whose rounding weighs least.
        var largest = panel.Series.SelectMany(series => series.Values).Where(double.IsFinite).Max();
        var unit = bars.Max(bar => Number(bar, "width")) / largest;
        foreach (var (series, s) in panel.Series.Select((series, s) => (series, s)))
        {
            for (var category = 0; category < panel.Categories.Count; category++)
            {
                var bar = bars.SingleOrDefault(rect => Hint(rect).StartsWith($"{series.Name}, {panel.Categories[category]}: ", StringComparison.Ordinal));
                Assert.Equal(double.IsNaN(series.Values[category]), bar is null);
                if (bar is null) continue;
                Assert.Equal(series.Values[category] * unit, Number(bar, "width"), Rounding);
                // Series stand below each other in the order of the legend.
                var first = Number(bars.First(rect => Hint(rect).StartsWith($"{panel.Series[0].Name}, {panel.Categories[category]}: ", StringComparison.Ordinal)), "y");
                Assert.Equal(first + 13 * s, Number(bar, "y"), Rounding);
            }
        }
    }

    [Fact]
    public void WhiskersEndWhereTheIntervalsDo()
    {
        var panel = (BarPanel)SyntheticReport.Bars().Panels[0];
        var whiskers = Drawn(panel, "path", "whisker lt").Select(path => Numbers(path)).ToArray();
        var bars = Drawn(panel, "rect", "bar");
        var (zero, unit) = (Number(bars[0], "x"), bars.Max(bar => Number(bar, "width")) / panel.Series.SelectMany(series => series.Values).Where(double.IsFinite).Max());
        var intervals = panel.Categories.SelectMany((_, c) => panel.Series.Where(series => !double.IsNaN(series.Values[c])).Select(series => (series.Low[c], series.High[c]))).ToArray();
        Assert.Equal(intervals.Length, whiskers.Length);
        foreach (var ((low, high), path) in intervals.Zip(whiskers))
        {
            Assert.Equal(zero + low * unit, path[0], 2 * Rounding);
            Assert.Equal(zero + high * unit, path[2], 2 * Rounding);
        }
    }

    [Fact]
    public void BarsBelowZeroLieOnTheOtherSide()
    {
        var bars = Drawn(SyntheticReport.Bars().Panels[1], "rect", "bar");
        var zero = Number(bars[0], "x") + Number(bars[0], "width");
        Assert.Equal(["retrain, a: -12.5", "mu-mis, a: 4", "retrain, b: 3", "mu-mis, b: -0.25"], bars.Select(Hint));
        Assert.Equal(zero, Number(bars[1], "x"), Rounding);
        Assert.Equal(12.5 / 4, Number(bars[0], "width") / Number(bars[1], "width"), 0.01);
        Assert.Equal(zero, Number(bars[3], "x") + Number(bars[3], "width"), Rounding);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void EveryPointOfACurveHasThePlaceOfItsNumbers(int index, bool logarithmic)
    {
        var panel = (LinePanel)SyntheticReport.Lines().Panels[index];
        double Scaled(double value) => logarithmic ? Math.Log(value) : value;
        var points = Drawn(panel, "path", "curve ").Select(Numbers).SelectMany(path => path.Chunk(2)).ToArray();
        var numbers = panel.Lines.SelectMany(line => line.X.Zip(line.Y)).Where(point => double.IsFinite(Scaled(point.First)) && double.IsFinite(Scaled(point.Second))).ToArray();
        Assert.Equal(numbers.Length, points.Length);
        // A straight line through the outermost two says where all others must lie, in each direction.
        Affine([.. numbers.Select(number => Scaled(number.First))], [.. points.Select(point => point[0])], rising: true);
        Affine([.. numbers.Select(number => Scaled(number.Second))], [.. points.Select(point => point[1])], rising: false);
    }

    private static void Affine(double[] values, double[] places, bool rising)
    {
        var (low, high) = (Array.IndexOf(values, values.Min()), Array.IndexOf(values, values.Max()));
        Assert.Equal(rising, places[low] < places[high]);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(places[low] + (places[high] - places[low]) * (values[i] - values[low]) / (values[high] - values[low]), places[i], Rounding);
    }

    [Fact]
    public void StepsOfAHistogramAreAsHighAsTheirCounts()
    {
        var panel = (HistogramPanel)SyntheticReport.Histograms().Panels[0];
        foreach (var (path, group) in Drawn(panel, "path", "steps ").Zip(panel.Groups))
        {
            // M x0 bottom, then V height H edge a bin.
            var numbers = Numbers(path);
            var heights = Enumerable.Range(0, group.Counts.Count).Select(bin => numbers[1] - numbers[2 + 2 * bin]).ToArray();
            for (var bin = 0; bin < heights.Length; bin++) Assert.Equal(group.Counts[bin] * heights[0] / group.Counts[0], heights[bin], group.Counts[bin] * Rounding);
            // Decades are equally wide.
            var edges = Enumerable.Range(0, group.Counts.Count).Select(bin => numbers[3 + 2 * bin]).Prepend(numbers[0]).ToArray();
            Assert.All(edges.Zip(edges.Skip(1), (left, right) => right - left), width => Assert.Equal(edges[1] - edges[0], width, Rounding));
        }
    }

    [Fact]
    public void GroupsOfVeryDifferentSizeAreDrawnAsShares()
    {
        var panel = (HistogramPanel)SyntheticReport.Histograms().Panels[1];
        var paths = Drawn(panel, "path", "steps ").Select(Numbers).ToArray();
        // 4 of 10 stands against 5000 of 7400.
        Assert.Equal(0.4 / (5000 / 7400.0), (paths[0][1] - paths[0][8]) / (paths[1][1] - paths[1][8]), 1e-3);
    }

    [Fact]
    public void CellsAreAsFullAsTheirNumbersAndWhereTheyBelong()
    {
        var panel = (GridPanel)SyntheticReport.Grids().Panels[2];
        var cells = Drawn(panel, "rect", "cell").Where(cell => Hint(cell).Length > 0).ToDictionary(Hint);
        var finite = panel.Values.SelectMany(row => row).Where(double.IsFinite).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        var corner = cells[string.Create(CultureInfo.InvariantCulture, $"{panel.Rows[0]}, {panel.Columns[0]}: {panel.Values[0][0]:R}")];
        for (var r = 0; r < 9; r++)
        {
            for (var c = 0; c < 9; c++)
            {
                var value = panel.Values[r][c];
                var cell = cells.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"{panel.Rows[r]}, {panel.Columns[c]}: {value:R}"));
                if (double.IsNaN(value) || value == low)
                {
                    Assert.Null(cell);
                    continue;
                }
                Assert.Equal((value - low) / (high - low), Number(cell!, "fill-opacity"), 1e-4);
                Assert.Equal(c, (Number(cell!, "x") - Number(corner, "x")) / Number(corner, "width"), 0.01);
                Assert.Equal(r, (Number(cell!, "y") - Number(corner, "y")) / Number(corner, "height"), 0.01);
            }
        }
        var circle = Picture(panel).Descendants().First(element => element.Name.LocalName == "circle");
        Assert.Equal(Number(corner, "x") + 6.5 * Number(corner, "width"), Number(circle, "cx"), 0.1);
        Assert.Equal(Number(corner, "y") + 4 * Number(corner, "height"), Number(circle, "cy"), 0.1);
    }

    [Fact]
    public void ANameHasOneLookAndNeighboursDiffer()
    {
        Panel[] panels = [.. SyntheticReport.Lines().Panels, .. SyntheticReport.Bars().Panels, .. SyntheticReport.Histograms().Panels];
        var palette = new Palette(panels);
        Assert.Equal(new SeriesStyle(1), palette["retrain"]);
        Assert.Equal(new SeriesStyle(3), palette["mu-mis"]);
        Assert.Equal(SeriesStyle.Reference, palette["chance"]);
        var twelve = Enumerable.Range(0, 12).Select(k => palette[$"class {k} with a long name"]).ToArray();
        Assert.Equal(12, twelve.Select(style => (style.Colour, style.Dash, style.Marker(0, 0))).Distinct().Count());
        // By its name alone, in whatever report it stands.
        Assert.Equal(palette["mu-mis"], new Palette([])["mu-mis"]);
    }

    [Fact]
    public void TheNamesOfTheBundledExperimentLookDifferent()
    {
        string[] names = ["original", "retrain", "forget-vector", "mu-mis", "instance-wise", "fine-tune", "negative-gradient", "compose", "compose (two)"];
        var palette = new Palette([]);
        var styles = names.Select(name => palette[name]).ToArray();
        // One colour is shared, by the two forms of one method, of which one is hatched and dashed.
        Assert.Equal(names.Length - 1, styles.Select(style => style.Colour).Distinct().Count());
        Assert.Equal(names.Length, styles.Select(style => (style.Colour, style.Hatched)).Distinct().Count());
        Assert.Equal(names.Length, styles.Select(style => (style.Colour, style.Dash)).Distinct().Count());
        var panel = new BarPanel("", ["all"], new("y"), [new("compose", [2]), new("compose (two)", [1])]);
        var bars = Drawn(panel, "rect", "bar");
        // Of the hatching in the legend and in the bar, the second reaches from end to end of its bar and not beyond.
        var hatching = Assert.Single(Drawn(panel, "path", "halo").Skip(1));
        var places = Numbers(hatching).Chunk(2).ToArray();
        Assert.Equal(Number(bars[1], "x"), places.Min(place => place[0]), Rounding);
        Assert.InRange(places.Max(place => place[0]), Number(bars[1], "x") + Number(bars[1], "width") - 6, Number(bars[1], "x") + Number(bars[1], "width") + Rounding);
        Assert.All(places, place => Assert.InRange(place[1], Number(bars[1], "y") - Rounding, Number(bars[1], "y") + Number(bars[1], "height") + Rounding));
    }

    [Fact]
    public void TheSameRecordGivesTheSameBytesWhateverTheCulture()
    {
        var palette = new Palette(SyntheticReport.Lines().Panels);
        var before = CultureInfo.CurrentCulture;
        try
        {
            var once = SyntheticReport.Lines().Panels.Select(panel => Chart.Svg(panel, palette)).ToArray();
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(once, SyntheticReport.Lines().Panels.Select(panel => Chart.Svg(panel, palette)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void LongWordsAreCutAndLinesFit()
    {
        foreach (var text in new[] { "short", "an ordinary sentence that needs several lines to be told", new string('W', 80), "漢字漢字漢字漢字漢字漢字漢字漢字" })
        {
            Assert.All(TextMeasure.Wrap(text, 120, 12), line => Assert.InRange(TextMeasure.Of(line, 12), 0, 120));
            Assert.InRange(TextMeasure.Wrap(text, 120, 12).Count, 1, 4);
        }
        Assert.Equal("short", TextMeasure.Shorten("short", 120, 12));
    }

    private static XElement Picture(Panel panel) => XElement.Parse(Chart.Svg(panel, new Palette([panel]))!);

    private static XElement[] Drawn(Panel panel, string element, string kind) => [.. Picture(panel).Descendants().Where(e => e.Name.LocalName == element && ((string?)e.Attribute("class") ?? "").StartsWith(kind, StringComparison.Ordinal))];

    private static string Hint(XElement element) => element.Elements().FirstOrDefault(child => child.Name.LocalName == "title")?.Value ?? "";

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static double[] Numbers(XElement path) => [.. NumberPattern().Matches(path.Attribute("d")!.Value).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex NumberPattern();
}
