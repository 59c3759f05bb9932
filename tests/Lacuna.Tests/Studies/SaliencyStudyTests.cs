using System.Globalization;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Numerics;
using Lacuna.Reports;
using Lacuna.Runs;
using Lacuna.Studies;
using Lacuna.Studies.Saliency;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>
/// Networks that compare gain times the mean of three planes: the map of class k is relu(gain k / pixels) times what was shown of plane k, so predictions, maps and their
/// correlations are computed here from the pixels alone.
/// </summary>
[Collection(TensorLibrary.Name)]
public sealed class SaliencyStudyTests : IDisposable
{
    private const int Pixels = PlaneClassifier.Side * PlaneClassifier.Side;

    private static readonly float[] vector = [.. Enumerable.Range(0, 3 * Pixels).Select(i => i / Pixels == 1 ? i % Pixels / 30f : 0)];

    private static readonly (string Name, float[] Gains, bool HasVector)[] models =
        [("original", [5, 5, 5], false), ("retrain", [2, 5, 5.5f], false), ("mu-mis", [-5, 5, 4.5f], false), ("forget-vector", [5, 5, 5], true)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly List<RunProgress> _progress = [];
    private readonly StudyContext _context;
    private readonly ImageSet _set = Set(60);

    public SaliencyStudyTests()
    {
        int[] forget = [.. Enumerable.Range(0, 60).Where(i => i % 3 == 0)];
        _context = PlaneContext.Of(_set, _set, forget, _folder.Path, _progress,
            [.. models.Select(model => new Subject(model.Name, new PlaneClassifier(model.Gains), model.HasVector ? tensor(vector, [3, PlaneClassifier.Side, PlaneClassifier.Side]) : null))]);
    }

    public void Dispose()
    {
        foreach (var subject in _context.Subjects) subject.Model.Dispose();
        _folder.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(ExplainedClass.Predicted, 12)]
    [InlineData(ExplainedClass.Label, 6)]
    public void EveryBarIsTheMeanCorrelationOfItsModelsMaps(ExplainedClass explained, int different)
    {
        var figure = Run(new() { ExplainedClass = explained, Sample = 15, BatchSize = 4 });
        var bars = figure.Panels.OfType<BarPanel>().ToArray();
        Assert.Equal(2, bars.Length);
        var seen = new HashSet<string>();
        foreach (var (panel, reference) in bars.Zip([1, 0]))
        {
            Assert.Equal(["forget images", "forget, other image", "retain images", "retain, other image"], panel.Categories);
            Assert.Equal(models.Select(model => model.Name).Where((_, m) => m != reference), panel.Series.Select(series => series.Name));
            foreach (var series in panel.Series)
            {
                var m = Array.FindIndex(models, model => model.Name == series.Name);
                for (var bar = 0; bar < 4; bar++)
                {
                    var rows = Rows(bar / 2, 15);
                    var expected = rows.Select((row, i) => Correlation(Map(m, row, explained), Map(reference, bar % 2 == 0 ? row : rows[(i + 1) % rows.Length], explained))).Where(double.IsFinite).ToArray();
                    if (expected.Length == 0) Assert.Equal(double.NaN, series.Values[bar]);
                    else
                    {
                        // Maps are float32.
                        Assert.Equal(expected.Average(), series.Values[bar], 1e-5);
                        Assert.True(series.Low[bar] <= series.Values[bar] && series.Values[bar] <= series.High[bar]);
                    }
                    seen.Add(series.Values[bar].ToString("0.0000", CultureInfo.InvariantCulture));
                }
            }
        }
        // Maps of the same class differ by the gain alone, which no correlation sees; of those that the models predict, most bars differ.
        Assert.True(seen.Count >= different, $"only {seen.Count} different bars");
    }

    [Fact]
    public void VerdictsAndTheTableAreCounts()
    {
        var figure = Run(new() { Sample = 15, ExplainedClass = ExplainedClass.Label });
        var table = Assert.Single(figure.Panels.OfType<TablePanel>());
        for (var g = 0; g < 2; g++)
        {
            for (var m = 0; m < models.Length; m++)
            {
                var rows = Rows(g, 15);
                var right = 100.0 * rows.Count(row => Predicted(m, row) == _set.Labels.Span[row]) / 15;
                var empty = 100.0 * rows.Count(row => Map(m, row, ExplainedClass.Label).All(v => v == 0)) / 15;
                Assert.Equal([g == 0 ? "forget" : "retain", models[m].Name, right.ToString("0.0", CultureInfo.InvariantCulture), empty.ToString("0.0", CultureInfo.InvariantCulture)], table.Rows[g * 4 + m].Take(4));
            }
        }
        // Its gain for the forget class is below zero: nothing speaks for that class.
        Assert.Equal(["forget", "mu-mis", "0.0", "100.0", "", "", "", ""], table.Rows[2]);

        var sheet = Assert.Single(figure.Panels.OfType<PicturePanel>());
        Assert.True(File.Exists(_folder.File(sheet.File)));
        foreach (var (g, row) in new[] { (0, Rows(0, 15)[0]), (1, Rows(1, 15)[0]) })
        {
            var words = models.Select((model, m) => $"{model.Name} {(Predicted(m, row) == _set.Labels.Span[row] ? g == 0 ? "still known" : "kept" : g == 0 ? "forgotten" : "lost")}");
            Assert.Contains($"{(g == 0 ? "forget" : "retain")} image {row}: {string.Join(", ", words)}", sheet.Alternative);
        }
    }

    [Fact]
    public void TheTableOfValuesHasALineAnImageAndModel()
    {
        Run(new() { Sample = 15 });
        var lines = File.ReadAllLines(_folder.File("grad-cam.csv"));
        Assert.Equal(1 + 2 * 4 * 15, lines.Length);
        Assert.Equal("set,row,label,model,predicted,explained,map_sum,correlation_with_retrain,correlation_with_original", lines[0]);
        var (row, cells) = (Rows(1, 15)[2], lines[1 + 60 + 2 * 15 + 2].Split(','));
        var explained = Predicted(2, row).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(["retain", row.ToString(CultureInfo.InvariantCulture), _set.Labels.Span[row].ToString(CultureInfo.InvariantCulture), "mu-mis", explained, explained], cells[..6]);
        Assert.Equal(Map(2, row, ExplainedClass.Predicted).Sum(), double.Parse(cells[6], CultureInfo.InvariantCulture), 1e-5);
        Assert.Equal(Correlation(Map(2, row, ExplainedClass.Predicted), Map(1, row, ExplainedClass.Predicted)), double.Parse(cells[7], CultureInfo.InvariantCulture), 1e-5);
    }

    [Fact]
    public void WhatIsMissingIsSaid()
    {
        var study = new SaliencyStudy(new());
        Assert.Null(study.Lacks(_context));
        Assert.Contains("TorchScript", study.Lacks(_context with { Subjects = [] }));
        Assert.Contains("two forget", study.Lacks(PlaneContext.Of(_set, _set, [4], _folder.Path, _progress, [.. _context.Subjects])));
        Assert.Throws<ArgumentException>(() => new SaliencyStudy(new() { Sample = 1 }));
        // Without the retrained network there is nothing to be like but the original.
        var figure = study.Run(_context with { Subjects = [_context.Subjects[0], _context.Subjects[2]] }, TestContext.Current.CancellationToken)[0];
        Assert.Equal("Likeness to the original's maps", Assert.Single(figure.Panels.OfType<BarPanel>()).Title);
    }

    /// <summary>Two pixels to four: a quarter and three quarters between, the border's values outside (interpolate, align_corners=False).</summary>
    [Fact]
    public void MapsAreEnlargedBilinearly()
    {
        Assert.Equal([1, 1.5f, 2.5f, 3], SaliencyMaps.Enlarge([1, 3], 1, 2, 1, 4));
        Assert.Equal([0, 0, 2, 2, 6, 6, 8, 8], SaliencyMaps.Enlarge([0, 8], 2, 1, 4, 2));
    }

    [Fact]
    public void AMapsLargestValueHasTheLastColour()
    {
        var black = Thumbnail.Of(new float[4], 1, 2, 2);
        var overlaid = SaliencySheet.Overlaid(black, [0, 0, 0, 3], 2, 2);
        Rgb At(int y, int x) => new(overlaid.Pixels[(y * 128 + x) * 3], overlaid.Pixels[(y * 128 + x) * 3 + 1], overlaid.Pixels[(y * 128 + x) * 3 + 2]);
        var (last, first) = (HeatColours.Of(1), HeatColours.Of(0));
        Assert.Equal(new Rgb((byte)Math.Round(0.8 * last.Red), (byte)Math.Round(0.8 * last.Green), (byte)Math.Round(0.8 * last.Blue)), At(127, 127));
        Assert.Equal(new Rgb((byte)Math.Round(0.35 * first.Red), (byte)Math.Round(0.35 * first.Green), (byte)Math.Round(0.35 * first.Blue)), At(0, 0));
        Assert.Equal(At(0, 0), new Rgb(SaliencySheet.Overlaid(black, new float[4], 2, 2).Pixels[^3], SaliencySheet.Overlaid(black, new float[4], 2, 2).Pixels[^2], SaliencySheet.Overlaid(black, new float[4], 2, 2).Pixels[^1]));
    }

    private Figure Run(SaliencyOptions options) => Assert.Single(new SaliencyStudy(options).Run(_context, TestContext.Current.CancellationToken));

    private int[] Rows(int group, int count)
    {
        var all = group == 0 ? _context.Split.Forget.ToArray() : _context.Split.Retain.ToArray();
        return [.. _context.Draws.Permutation(all.Length, DrawPurpose.SaliencySample, group).Take(count).Select(i => all[i])];
    }

    private double[] Shown(int model, int row) => [.. _set.Image(row).ToArray().Select((pixel, i) => pixel / 255.0 + (models[model].HasVector ? vector[i] : 0))];

    private int Predicted(int model, int row)
    {
        var shown = Shown(model, row);
        var logits = Enumerable.Range(0, 3).Select(k => models[model].Gains[k] * shown.Skip(k * Pixels).Take(Pixels).Average()).ToArray();
        return Array.IndexOf(logits, logits.Max());
    }

    private double[] Map(int model, int row, ExplainedClass explained)
    {
        var k = explained == ExplainedClass.Label ? _set.Labels.Span[row] : Predicted(model, row);
        return [.. Shown(model, row).Skip(k * Pixels).Take(Pixels).Select(value => Math.Max(0, models[model].Gains[k] / Pixels * value))];
    }

    private static double Correlation(double[] first, double[] second)
    {
        var (a, b) = (first.Average(), second.Average());
        var (x, y) = (first.Sum(v => (v - a) * (v - a)), second.Sum(v => (v - b) * (v - b)));
        return x * y == 0 ? double.NaN : first.Zip(second, (v, w) => (v - a) * (w - b)).Sum() / Math.Sqrt(x * y);
    }

    /// <summary>Class i mod 3, whose plane is a little brighter in most images; every plane has a pattern of its own.</summary>
    private static ImageSet Set(int count)
    {
        var (pixels, labels) = (new byte[count * 3 * Pixels], new int[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            for (var p = 0; p < 3 * Pixels; p++)
                pixels[i * 3 * Pixels + p] = (byte)(60 + (p / Pixels == labels[i] ? 12 : 0) + (i * 31 + p * 17 + p * p * (3 + i % 5) + p / Pixels * 41) % 110);
        }
        return new("three planes", pixels, labels, 3, PlaneClassifier.Side, PlaneClassifier.Side, ["red", "green", "blue"]);
    }
}
