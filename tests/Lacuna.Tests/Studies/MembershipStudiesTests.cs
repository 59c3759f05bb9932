using System.Globalization;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Figures;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;
using Lacuna.Methods.Retrain;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using Lacuna.Studies.Membership;
using Lacuna.Studies.ULira;
using Lacuna.Tests.Methods;

namespace Lacuna.Tests.Studies;

public sealed class MembershipStudiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Classifier _trained = Tiny.Trained();
    private readonly Classifier _fresh = ModelZoo.Create("cnn-s", Tiny.Grey(Tiny.Classes), seed: 8);
    private readonly List<RunProgress> _progress = [];

    public void Dispose()
    {
        _trained.Dispose();
        _fresh.Dispose();
        _folder.Dispose();
    }

    /// <summary>Table, curve and histogram of each model against its own predictions, made here once more; the models differ, so that an exchange would show.</summary>
    [Fact]
    public void TheFigureBelongsToItsModels()
    {
        var context = Context("class:1");
        var figure = Assert.Single(new MembershipStudy(new()).Run(context, TestContext.Current.CancellationToken));
        Assert.Equal("membership", figure.Id);
        var tables = figure.Panels.OfType<TablePanel>().ToArray();
        var (pivot, table) = (tables[0], tables[1]);
        // What can say little of a class that is forgotten whole comes last and is marked.
        Assert.Equal(["confidence", "entropy", "modified-entropy", "correctness", "logistic-entropy", "m_entropy_salun †", "probability †"], pivot.Rows.Select(row => row[0]));
        Assert.Equal(pivot.Rows.Select(row => row[0]), figure.Panels.OfType<BarPanel>().Single().Categories);
        Assert.Contains(MembershipAttacks.MisleadingNote, figure.Caption);
        foreach (var row in table.Rows)
        {
            var (of, said) = (pivot.Rows.Single(other => other[0] == row[1]), pivot.Heads.ToList().IndexOf(row[0]));
            Assert.StartsWith(row[4] + " ", of[said]);
            var bars = figure.Panels.OfType<BarPanel>().Single();
            Assert.Equal(Number(row[4]), bars.Series.Single(series => series.Name == row[0]).Values[bars.Categories.ToList().IndexOf(row[1])], 0.00051);
        }
        Assert.Equal(2 * MembershipAttacks.Names.Count, table.Rows.Count);
        var curves = figure.Panels.OfType<LinePanel>().Single(panel => !panel.X.Logarithmic);
        var metrics = new MetricsEvaluator(context.Train, context.Test, context.Split, context.Draws, context.Compute);
        var (testForget, _) = context.Split.DivideTest(context.Test);
        List<double> areas = [];
        foreach (var subject in context.Subjects)
        {
            var predictor = new Predictor(subject.Model, null, context.Compute);
            Predictions forget = predictor.Of(context.Train, context.Split.Forget, TestContext.Current.CancellationToken), unseen = predictor.Of(context.Test, testForget, TestContext.Current.CancellationToken);
            var row = table.Rows.First(row => row[0] == subject.Name);
            Assert.Equal(metrics.MeasureTable(subject.Model, null, TestContext.Current.CancellationToken).MembershipEfficacy, Number(row[2]), 0.0051);
            var area = RocCurve.Of(forget.LabelConfidence, unseen.LabelConfidence).Auc;
            areas.Add(forget.LabelConfidence.Average());
            Assert.Equal(area, Number(row[4]), 0.00051);
            var line = curves.Lines.Single(line => line.Name == subject.Name);
            Assert.Equal(area, Enumerable.Range(1, line.X.Count - 1).Sum(i => (line.X[i] - line.X[i - 1]) * (line.Y[i] + line.Y[i - 1]) / 2), 0.01);
            var histogram = figure.Panels.OfType<HistogramPanel>().Single(panel => panel.Title == subject.Name);
            Assert.Equal(["retain", "forget", "unseen"], histogram.Groups.Select(group => group.Name));
            Assert.All(histogram.Groups, group => Assert.Equal(100, group.Counts.Sum(), 1e-9));
            var mean = histogram.Groups[1].Counts.Select((share, bin) => share / 100 * (bin + 0.5) / 20).Sum();
            Assert.Equal(forget.LabelConfidence.Average(), mean, 0.5 / 20);
        }
        Assert.True(Math.Abs(areas[0] - areas[1]) > 0.2, "the two models are too alike for this test to say anything");
        Assert.Equal(1 + 2 * (context.Split.Forget.Length + testForget.Length), File.ReadLines(_folder.File("membership.csv")).Count());
    }

    [Fact]
    public void AForgottenKindWithoutTestImagesHasNoCurves()
    {
        var context = Context("class:1") with { Test = WithoutClass(Tiny.Bands(4), 1) };
        var figure = Assert.Single(new MembershipStudy(new()).Run(context, TestContext.Current.CancellationToken));
        Assert.Empty(figure.Panels.OfType<LinePanel>());
        Assert.All(Assert.Single(figure.Panels.OfType<TablePanel>()).Rows, row => Assert.StartsWith("not measured", row[^1]));
    }

    /// <summary>The table's areas from the CSV's values, by another way than the figure took: every pair's scores written out.</summary>
    [Fact]
    public void ULiraJudgesWhatItsFileHolds()
    {
        var context = Context("class:1") with { Methods = [new RetrainMethod(Tiny.Recipe), new FineTuneMethod(Tiny.Recipe with { Epochs = 1 })] };
        var study = new ULiraStudy(new() { Shadows = 3 });
        Assert.Null(study.Lacks(context));
        var figure = Assert.Single(study.Run(context, TestContext.Current.CancellationToken));
        var values = File.ReadLines(_folder.File("u-lira.csv")).Skip(1).Select(line => line.Split(','))
            .GroupBy(cells => cells[0]).ToDictionary(group => group.Key, group => group.GroupBy(cells => cells[1]).Select(shadow => shadow.Select(cells => Number(cells[3])).ToArray()).ToArray());
        Assert.Equal(["fine-tune", "original", "retrain"], values.Keys.Order());
        Assert.All(values.Values, network => Assert.Equal([context.Split.Forget.Length, context.Split.Forget.Length, context.Split.Forget.Length], network.Select(shadow => shadow.Length)));
        var table = Assert.Single(figure.Panels.OfType<TablePanel>());
        Assert.Equal(["original", "fine-tune"], table.Rows.Select(row => row[0]));
        foreach (var row in table.Rows)
        {
            var direct = Enumerable.Range(0, 3).Average(pair => RocCurve.Of(values[row[0]][pair], values["retrain"][pair]).Auc);
            Assert.Equal(direct, Number(row[4]), 0.00051);
            Assert.Equal(ULiraResult.Of("", values[row[0]], values["retrain"]).Auc, Number(row[1]), 0.00051);
        }
        // Networks that saw the class know it, those that did not cannot.
        Assert.StartsWith("still recognisable", table.Rows[0][^1]);
        Assert.Contains(_progress, report => report.Stage == "shadow 2 of 3: fine-tune");
    }

    [Fact]
    public void ULiraSaysWhatItLacks() => Assert.Contains("at least one method", new ULiraStudy(new()).Lacks(Context("class:1") with { Methods = [] }));

    private StudyContext Context(string forget)
    {
        ImageSet train = Tiny.Bands(12), test = Tiny.Bands(9);
        var draws = new DrawSource(5);
        return new(train, test, ForgetSetSpec.Parse(forget).Split(train, draws), draws, TorchSharp.torch.CPU, [new(Subject.Original, _trained, null), new(ResultTable.Oracle, _fresh, null)], [], Tiny.Recipe,
            _folder.Path, TimeProvider.System, new Log(_progress));
    }

    private static ImageSet WithoutClass(ImageSet set, int left)
    {
        int[] rows = [.. Enumerable.Range(0, set.Count).Where(i => set.Labels.Span[i] != left)];
        return new("without", new byte[rows.Length * 64], Array.ConvertAll(rows, row => set.Labels.Span[row]), 1, 8, 8, set.ClassNames);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Log(List<RunProgress> reports) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => reports.Add(value);
    }
}
