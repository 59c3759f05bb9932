using System.Globalization;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Models;
using Lacuna.Studies;
using Lacuna.Studies.Sensitivity;
using Lacuna.Tests.Evaluation.Sensitivity;
using Lacuna.Tests.Methods;

namespace Lacuna.Tests.Studies;

/// <summary>
/// Linear networks, whose input gradients are the rows of their weights: every norm is known from the label alone. Five classes in turns, 40 images; of the forget
/// images 3, 4, 9 and 0 the labels are 3, 4, 4 and 0.
/// </summary>
public sealed class SensitivityStudyTests : IDisposable
{
    private static readonly double[] before = [1, 1, 2, 1, 1], after = [3, 5, 7, 9, 11], retrained = [1, 5.5, 7, 9, 20];
    private static readonly int[] forget = [0, 3, 4, 9];

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _set = SensitivityMeterTests.FiveClasses(40);
    private readonly List<Subject> _subjects =
    [
        new(Subject.Original, SensitivityMeterTests.Linear(after), null),
        new("retrain", SensitivityMeterTests.Linear(retrained), null),
        new("mu-mis", SensitivityMeterTests.Linear([8, 8, 8, 8, 9]), null),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var subject in _subjects) subject.Model.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// d by label is -0.25, -0.25, 1, -0.25, -0.25 before; -5, -2.5, 0, 2.5, 5 after: it rises for labels 3 and 4. Retrained it is -9.375, -3.75, -1.875, 0.625, 14.375:
    /// lower for all labels but 4. With rows of 8 and one of 9 it is -0.25 four times, then 1: lower for 2, 3 and 4.
    /// </summary>
    [Fact]
    public void SharesThatRoseAndFellAreThoseOfTheClosedForm()
    {
        _subjects.Add(new(SensitivityFindings.Untrained, SensitivityMeterTests.Linear(before), null));
        var lines = Study().Measure(Context(), Cancel).Summary();
        Assert.Equal(["untrained", "original", "retrain", "mu-mis"], lines.Select(line => line.Subject).Distinct());
        SensitivitySummary Line(string subject, string set) => lines.Single(line => line.Subject == subject && line.Set == set);

        Assert.Equal((75, 100 * 13 / 36.0), (Line("original", "forget").RosePercent, Line("original", "retain").RosePercent));
        Assert.Equal((50, 100 * 30 / 36.0), (Line("retrain", "forget").FellPercent, Line("retrain", "retain").FellPercent));
        Assert.Equal((75, 100 * 21 / 36.0), (Line("mu-mis", "forget").FellPercent, Line("mu-mis", "retain").FellPercent));
        Assert.All(lines.Where(line => line.Subject != "original"), line => Assert.Null(line.RosePercent));
        Assert.All(lines.Where(line => line.Subject is "original" or "untrained"), line => Assert.Null(line.FellPercent));
        // Labels 0, 3, 4, 4: norms 3, 9, 11, 11 and d of -5, 2.5, 5, 5.
        var original = Line("original", "forget");
        Assert.Equal((10, 3.75, 75), (Math.Round(original.TargetMedian, 4), Math.Round(original.DifferenceMedian, 4), original.AboveZeroPercent));
        Assert.Equal(4, original.Images);
    }

    [Fact]
    public void TheHistogramsCountEveryNormWhereItLies()
    {
        _subjects.Add(new(SensitivityFindings.Untrained, SensitivityMeterTests.Linear(before), null));
        var figure = Assert.Single(Study().Run(Context(), Cancel));
        HistogramPanel[] panels = [.. figure.Panels.OfType<HistogramPanel>()];
        Assert.Equal(["before training", "after training (original)", "retrain", "mu-mis"], panels.Select(panel => panel.Title));
        double[][] norms = [before, after, retrained, [8, 8, 8, 8, 9]];
        int[] labels = [0, 3, 4, 4];
        for (var p = 0; p < panels.Length; p++)
        {
            Assert.Equal(panels[0].Edges, panels[p].Edges);
            Assert.True(panels[p].X.Logarithmic);
            Assert.Equal(["target logit", "irrelevant logits"], panels[p].Groups.Select(group => group.Name));
            var of = norms[p];
            Assert.Equal(Counts(panels[p].Edges, labels.Select(label => of[label])), panels[p].Groups[0].Counts);
            Assert.Equal(Counts(panels[p].Edges, labels.Select(label => (of.Sum() - of[label]) / 4)), panels[p].Groups[1].Counts);
        }
        var bars = figure.Panels.OfType<BarPanel>().ToList();
        Assert.Equal(["original"], bars[0].Series.Select(series => series.Name));
        Assert.Equal([75, 100 * 13 / 36.0], bars[0].Series[0].Values);
        Assert.Equal(["retrain", "mu-mis"], bars[1].Series.Select(series => series.Name));
        Assert.Equal([50, 100 * 30 / 36.0], bars[1].Series[0].Values);
        Assert.Equal([75, 100 * 21 / 36.0], bars[1].Series[1].Values);
        Assert.DoesNotContain("not known here", figure.Caption);
    }

    [Fact]
    public void TheTableOfSamplesHoldsEveryValueOnItsRow()
    {
        Study().Run(Context(), Cancel);
        string[] lines = File.ReadAllLines(_folder.File("sensitivity.csv"));
        Assert.Equal("model,set,row,file,label,class,predicted,predicted_class,target_norm,irrelevant_norm,irrelevant_logits,difference", lines[0]);
        Assert.Equal(1 + 3 * 40, lines.Length);
        foreach (var line in lines.Skip(1).Select(line => line.Split(',')))
        {
            var norms = line[0] switch { "original" => after, "retrain" => retrained, _ => [8, 8, 8, 8, 9] };
            var (row, label) = (int.Parse(line[2], CultureInfo.InvariantCulture), int.Parse(line[4], CultureInfo.InvariantCulture));
            Assert.Equal(row % 5, label);
            Assert.Equal(forget.Contains(row) ? "forget" : "retain", line[1]);
            Assert.Equal("abcde"[label].ToString(), line[5]);
            Assert.Equal("4", line[10]);
            // Rows of up to 20: float rounding of 1e-6 of that.
            Assert.Equal(norms[label], double.Parse(line[8], CultureInfo.InvariantCulture), 2e-5);
            Assert.Equal((norms.Sum() - norms[label]) / 4, double.Parse(line[9], CultureInfo.InvariantCulture), 2e-5);
            Assert.Equal(norms[label] - (norms.Sum() - norms[label]) / 4, double.Parse(line[11], CultureInfo.InvariantCulture), 4e-5);
        }
    }

    /// <summary>A fresh network can be made of what the zoo knows, from the run's seed; of anything else the figure says that it lacks it.</summary>
    [Fact]
    public void WithoutTheNetworkBeforeTrainingAFreshOneIsMadeWhereTheZooCan()
    {
        var figure = Assert.Single(Study().Run(Context(), Cancel));
        Assert.Contains("not known here", figure.Caption);
        Assert.Single(figure.Panels.OfType<BarPanel>());

        using var original = Tiny.Trained();
        using var fresh = ModelZoo.Create("cnn-s", original.Options, seed: 5);
        var bands = Tiny.Bands(12);
        SensitivityFindings Of(params Subject[] subjects) => Study().Measure(Contexts.Of(bands, bands, [1, 2, 3], ForgottenClasses.None, _folder.Path, subjects), Cancel);
        var made = Of(new Subject(Subject.Original, original, null));
        var given = Of(new Subject(Subject.Original, original, null), new Subject(SensitivityFindings.Untrained, fresh, null));
        Assert.Equal(["untrained", "original"], made.Subjects.Select(subject => subject.Name));
        Assert.Equal(given.Find("untrained")!.Retain.Target, made.Find("untrained")!.Retain.Target);
        Assert.NotEqual(made.Find("original")!.Retain.Target, made.Find("untrained")!.Retain.Target);
    }

    [Fact]
    public void ASampleIsTheSameForEveryModelAndAtMostAsLargeAsAsked()
    {
        var findings = new SensitivityStudy(new() { Images = 3 }).Measure(Context(), Cancel);
        Assert.All(findings.Subjects, subject => Assert.Equal((3, 3), (subject.Forget.Count, subject.Retain.Count)));
        Assert.Single(findings.Subjects.Select(subject => string.Join(' ', subject.Forget.Rows.Concat(subject.Retain.Rows))).Distinct());
        Assert.All(findings.Subjects[0].Forget.Rows, row => Assert.Contains(row, forget));
        Assert.All(findings.Subjects[0].Retain.Rows, row => Assert.DoesNotContain(row, forget));
    }

    /// <summary>An unlearned network whose numbers overflowed spoils neither the axis nor the shares of the others.</summary>
    [Fact]
    public void NormsThatAreNotFiniteAreLeftOutAndSaid()
    {
        _subjects.Add(new("fine-tune", SensitivityMeterTests.Linear([double.NaN, 1, 1, 1, 1]), null));
        var figure = Assert.Single(Study().Run(Context(), Cancel));
        Assert.All(figure.Panels.OfType<HistogramPanel>().SelectMany(panel => panel.Edges), edge => Assert.InRange(edge, 0.5, 30));
        // Zero times NaN is NaN: one bad row spoils both norms of all four images.
        Assert.Contains("8 norm(s) are zero or not finite", figure.Caption);
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused() => Assert.Contains("IrrelevantLogits is 0", Assert.Throws<ArgumentException>(() => new SensitivityStudy(new() { IrrelevantLogits = 0 })).Message);

    private static SensitivityStudy Study() => new(new() { Images = 0 });

    private StudyContext Context() => Contexts.Of(_set, _set, forget, ForgottenClasses.None, _folder.Path, _subjects);

    private static double[] Counts(IReadOnlyList<double> edges, IEnumerable<double> values)
    {
        var all = values.ToList();
        // Norms come in float32: a value may lie a rounding below the edge it should stand on.
        return [.. Enumerable.Range(0, edges.Count - 1).Select(bin => (double)all.Count(value => value * 1.00001 >= edges[bin] && value * 1.00001 < edges[bin + 1]))];
    }
}
