using Lacuna.Data;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Figures;
using Lacuna.Methods.Attacks;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using Lacuna.Studies.Robustness;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>
/// Images of two even planes (u, v) and networks that compare gain times plane: what each network says under each shift follows from u, v, the gains and the
/// draws. Elastic transformations leave even planes alone; an attack of radius e takes e from the label's plane and adds e to the other where the gains are above zero.
/// </summary>
[Collection(TensorLibrary.Name)]
public sealed class RobustnessStudyTests : IDisposable
{
    private const double Radius = 8 / 255.0;
    private const int Pixels = PlaneClassifier.Side * PlaneClassifier.Side;

    // The gains, and the vector added to the planes.
    private static readonly (string Name, float[] Gains, float[]? Vector)[] models =
    [
        ("original", [9, 9], null),
        ("retrain", [9, 11], null),
        ("mu-mis", [-6, -6], null),
        ("forget-vector", [9, 9], [0.02f, 0.14f]),
    ];

    private static readonly RobustnessOptions everything = new() { AttackedModel = AttackedModel.Both, RetainImages = 0, ShownImages = 3, BatchSize = 7 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly List<RunProgress> _progress = [];
    private readonly StudyContext _context;
    private readonly int[] _forget = [.. Enumerable.Range(0, 40).Where(i => i % 4 == 1)];

    public RobustnessStudyTests() => _context = PlaneContext.Of(Set(40, 3), Set(21, 5), _forget, _folder.Path, _progress, [.. models.Select(SubjectOf)]);

    public void Dispose()
    {
        foreach (var subject in _context.Subjects) subject.Model.Dispose();
        _folder.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void EveryBarIsThatOfItsModelAndShift()
    {
        var figure = Assert.Single(new RobustnessStudy(everything).Run(_context, TestContext.Current.CancellationToken));
        var bars = figure.Panels.OfType<BarPanel>().ToArray();
        Assert.Equal(["UA", "RA", "TA", "MIA"], bars.Select(panel => panel.Title.Split(':')[0]));
        string[] shifts = ["clean", "noise 0.08", "noise 0.2", "elastic 488/170.8/24.4", "elastic 488/19.52/48.8", "PGD-7", "PGD-7, white-box"];
        Assert.All(bars, panel => Assert.Equal(shifts, panel.Categories));

        var seen = new HashSet<string>();
        for (var s = 0; s < shifts.Length; s++)
        {
            for (var m = 0; m < models.Length; m++)
            {
                double[] got = [.. bars.Select(panel => panel.Series[m].Values[s])];
                Assert.Equal(models[m].Name, bars[0].Series[m].Name);
                Assert.Equal([100 - Accuracy(s, m, _context.Train, _forget), Accuracy(s, m, _context.Train, _context.Split.Retain.ToArray()), Accuracy(s, m, _context.Test, All(21))], got[..3], (a, b) => Math.Abs(a - b) < 1e-9);
                seen.Add(string.Join(' ', got[..3]));
            }
        }
        // Enough of the expected rows differ for a wrong order to be seen.
        Assert.True(seen.Count >= 10, $"only {seen.Count} different rows");
        var table = Assert.Single(figure.Panels.OfType<TablePanel>());
        Assert.Equal(shifts.Length * models.Length, table.Rows.Count);
        Assert.Equal(["PGD-7", "mu-mis", .. bars.Select(panel => panel.Series[2].Values[5].ToString("0.0", System.Globalization.CultureInfo.InvariantCulture))], table.Rows[5 * 4 + 2].Take(6));
        // The attack on the original helps a model that compares the other way round; its own does not.
        Assert.True(bars[1].Series[2].Values[5] >= bars[1].Series[2].Values[0] && bars[1].Series[2].Values[6] < bars[1].Series[2].Values[0]);
    }

    /// <summary>The attack on confidences computed here.</summary>
    [Fact]
    public void MembershipIsMeasuredOnTheShiftedImages()
    {
        var figure = new RobustnessStudy(everything with { ShownImages = 0 }).Run(_context, TestContext.Current.CancellationToken)[0];
        var panel = figure.Panels.OfType<BarPanel>().Last();
        foreach (var (s, m) in new[] { (0, 0), (2, 1), (5, 2), (6, 3) })
        {
            double[] Confidences(ImageSet set, int[] rows) => [.. rows.Select(row => { var (z, label) = Logits(s, m, set, row); return 1 / (1 + Math.Exp(z[1 - label] - z[label])); })];
            var attack = Lacuna.Evaluation.MembershipInference.Attack(Confidences(_context.Train, _context.Split.Retain.ToArray()), Confidences(_context.Test, All(21)), Confidences(_context.Train, _forget),
                (of, count) => _context.Draws.Choose(count, of, DrawPurpose.MembershipSample, 0));
            // One forget image in ten may stand on the border to a rounding.
            Assert.Equal(100 * attack.Efficacy, panel.Series[m].Values[s], 10.1);
        }
        Assert.Empty(figure.Panels.OfType<PicturePanel>());
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void ASampleOfRetainImagesIsSaidAndMeasured()
    {
        var options = everything with { RetainImages = 13, Noise = [], Elastic = [], Attack = null, ShownImages = 0 };
        var figure = new RobustnessStudy(options).Run(_context, TestContext.Current.CancellationToken)[0];
        var all = _context.Split.Retain.ToArray();
        int[] rows = [.. _context.Draws.Choose(13, 30, DrawPurpose.RobustnessSample, 0).Select(i => all[i])];
        Assert.Equal([.. models.Select((_, m) => Accuracy(0, m, _context.Train, rows))], figure.Panels.OfType<BarPanel>().ElementAt(1).Series.Select(series => series.Values.Single()), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Contains("13 of 30 retain images", figure.Caption);
        Assert.DoesNotContain("PGD", figure.Caption);
        Assert.Equal(_progress.Count, _progress[^1].Total);
        Assert.Equal(_progress.Count, _progress[^1].Done);
    }

    [Fact]
    public void TwoPlanesAreNoPictureButOneIs()
    {
        var figure = new RobustnessStudy(everything).Run(_context, TestContext.Current.CancellationToken)[0];
        Assert.Empty(figure.Panels.OfType<PicturePanel>());
        using var model = Methods.Tiny.Trained();
        var (train, test) = (Methods.Tiny.Bands(4), Methods.Tiny.Bands(3));
        var context = PlaneContext.Of(train, test, [0, 3], _folder.Path, _progress, new Subject("original", model, null));
        var picture = Assert.Single(new RobustnessStudy(everything).Run(context, TestContext.Current.CancellationToken)[0].Panels.OfType<PicturePanel>());
        Assert.True(File.Exists(_folder.File(picture.File)));
        Assert.True(picture.Width > 6 * 128 && picture.Height > 3 * 128);
    }

    [Fact]
    public void WhatIsMissingIsSaid()
    {
        var study = new RobustnessStudy(new());
        Assert.Null(study.Lacks(_context));
        Assert.Contains("original", study.Lacks(_context with { Subjects = [_context.Subjects[1]] }));
        Assert.Contains("forget set is empty", study.Lacks(PlaneContext.Of(_context.Train, _context.Test, [], _folder.Path, _progress, [.. _context.Subjects])));
        var tiny = new ImageSet("tiny", new byte[24], [0, 1, 1], 2, 2, 2, ["first", "second"]);
        Assert.Contains("2x2", study.Lacks(PlaneContext.Of(tiny, tiny, [0], _folder.Path, _progress, [.. _context.Subjects])));
        Assert.Throws<ArgumentException>(() => new RobustnessStudy(new() { Noise = [0] }));
        Assert.Throws<ArgumentException>(() => new RobustnessStudy(new() { Attack = new LinfPgd(0, 1, 1) }));
        Assert.Throws<ArgumentException>(() => new RobustnessStudy(new() { Elastic = [new ElasticTransform(1, -1, 1)] }));
    }

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];

    private static Subject SubjectOf((string Name, float[] Gains, float[]? Vector) model) =>
        new(model.Name, new PlaneClassifier(model.Gains), model.Vector is { } v ? tensor(v).view(2, 1, 1).expand(2, PlaneClassifier.Side, PlaneClassifier.Side).contiguous() : null);

    /// <summary>Planes between 80 and 176, far from 0 and 255 for every attack; labels mostly, but not always, the brighter plane.</summary>
    private static ImageSet Set(int count, int step)
    {
        var (pixels, labels) = (new byte[count * 2 * Pixels], new int[count]);
        for (var i = 0; i < count; i++)
        {
            byte[] planes = [(byte)(80 + i * 29 * step % 97), (byte)(80 + i * 53 * step % 89)];
            for (var p = 0; p < 2 * Pixels; p++) pixels[i * 2 * Pixels + p] = planes[p / Pixels];
            labels[i] = planes[1] + i % 5 * 9 - 12 > planes[0] ? 1 : 0;
        }
        return new("planes", pixels, labels, 2, PlaneClassifier.Side, PlaneClassifier.Side, ["first", "second"]);
    }

    private static double Accuracy(int shift, int model, ImageSet set, int[] rows) =>
        100.0 * rows.Count(row => { var (z, label) = Logits(shift, model, set, row); return (z[1] > z[0] ? 1 : 0) == label; }) / rows.Length;

    private static (double[] Logits, int Label) Logits(int shift, int model, ImageSet set, int row)
    {
        var label = set.Labels.Span[row];
        var mean = new double[2];
        for (var k = 0; k < 2; k++)
        {
            var value = set.Image(row)[k * Pixels] / 255.0;
            mean[k] = shift switch
            {
                1 or 2 => NoisyMean(value, shift == 1 ? 0.08 : 0.2, set.Count == 40 ? 0 : 1, row, k),
                // Seven steps of 2/255 reach the border of the ball; the label's plane goes against the sign of its gain.
                5 => value + (k == label ? -Radius : Radius),
                6 => value + (k == label ? -Radius : Radius) * Math.Sign(models[model].Gains[k]),
                _ => value,
            } + (models[model].Vector?[k] ?? 0);
        }
        return ([mean[0] * models[model].Gains[0], mean[1] * models[model].Gains[1]], label);
    }

    private static double NoisyMean(double value, double deviation, int part, int row, int plane)
    {
        var draws = new DrawSource(1);
        return Enumerable.Range(plane * Pixels, Pixels).Average(lane => Math.Clamp(value + deviation * draws.Normal(DrawPurpose.GaussianNoise, part, row, lane), 0, 1));
    }
}
