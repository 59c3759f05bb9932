using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Figures;
using Lacuna.Reports;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;
using Lacuna.Tests.Cli;

namespace Lacuna.Tests.Reports;

/// <summary>The figures made of measurements, against numbers of which no two are alike: whatever is exchanged shows.</summary>
public sealed class MeasurementFiguresTests
{
    private static readonly MembershipScore confidence = new("confidence", 10, MembershipDirection.HigherIsForgotten, 0.75, 0.01, 0.02, 0.1, MembershipVerdict.Recognisable, null);
    private static readonly MembershipScore probability = new("probability", 20, MembershipDirection.HigherIsForgotten, 0.25, 0.01, 0.02, 0.1, MembershipVerdict.OverUnlearned, null);

    // Class 0 is forgotten whole; rows are true classes.
    private static readonly ModelMeasurement first = Measured([[1, 2, 5], [0, 9, 1], [3, 3, 4]], [[6, 1, 3], [0, 0, 0], [0, 0, 0]], [12.5, 90, 40], 0.125);
    private static readonly ModelMeasurement second = Measured([[7, 0, 1], [2, 6, 2], [0, 1, 9]], [[0, 2, 8], [0, 0, 0], [0, 0, 0]], [87.5, 60, 90], 0.375);

    private static ModelMeasurement Measured(int[][] test, int[][] forget, double[] accuracies, double zrf) => new()
    {
        Metrics = new(100, 90.5, 80.25, 70), TestAccuracyAll = 50, TestAccuracyForgotten = accuracies[0],
        Classes = [.. accuracies.Select((accuracy, k) => new ClassAccuracy(k, $"class {k}", k == 0 ? 30 : null, k == 0 ? null : 99, accuracy))],
        TestPredictions = new(test), ForgetPredictions = new(forget), Membership = [probability, confidence], ToOracle = null, ZeroRetrainForgetting = zrf, MeasuringSeconds = 1,
    };

    [Fact]
    public void MatricesBelongToTheirModelsAndClasses()
    {
        var panels = MeasurementFigures.Of([("original", [first]), ("retrain", [second])]).Panels.Cast<GridPanel>().ToArray();
        Assert.Equal(["class 0 *", "class 1", "class 2"], panels[0].Columns);
        Assert.Equal(["original", "retrain"], panels[0].Rows);
        Assert.Equal([[60, 10, 30], [0, 20, 80]], panels[0].Values);
        Assert.Equal([[12.5, 90, 40], [87.5, 60, 90]], panels[1].Values);
        Assert.Equal(("original: test images", "retrain: test images"), (panels[2].Title, panels[3].Title));
        // 1, 2 and 5 of 8; 0, 9 and 1 of 10; 3, 3 and 4 of 10.
        Assert.Equal([[12.5, 25, 62.5], [0, 90, 10], [30, 30, 40]], panels[2].Values);
        Assert.Equal([[87.5, 0, 12.5], [20, 60, 20], [0, 10, 90]], panels[3].Values);
    }

    [Fact]
    public void SeedsAreAddedAndAveraged()
    {
        var panels = MeasurementFigures.Of([("original", [first, second])]).Panels.Cast<GridPanel>().ToArray();
        Assert.Equal([[30, 15, 55]], panels[0].Values);
        Assert.Equal([[50, 75, 65]], panels[1].Values);
        Assert.Equal([[50, 12.5, 37.5], [10, 75, 15], [15, 20, 65]], panels[2].Values);
    }

    [Fact]
    public void EveryFigureStandsByItsSymbolAndModel()
    {
        SummaryRow[] rows = [new("original", Disparity.Of([first], null), null, 0, ""), new("retrain", Disparity.Of([second], null), null, 0, "")];
        var figure = FigureTables.Of(rows, [("original", [first]), ("retrain", [second])]);
        var table = (TablePanel)figure.Panels[0];
        Assert.Equal(["Figure", "original", "retrain", "Meaning"], table.Heads);
        Assert.Equal([["UA", "100.00", "100.00"], ["RA", "90.50", "90.50"], ["TA", "80.25", "80.25"], ["MIA", "70.00", "70.00"], ["TA-all", "50.00", "50.00"], ["TA-forgotten", "12.50", "87.50"], ["ZRF", "0.1250", "0.3750"]],
            table.Rows.Select(row => new[] { row[0], row[1], row[2] }));
        // The attack that misleads on a class that is forgotten whole is measured first and shown last.
        Assert.Equal([["confidence", "0.750 recognisable", "0.750 recognisable"], ["probability †", "0.250 over-unlearned", "0.250 over-unlearned"]], ((TablePanel)figure.Panels[1]).Rows);
        Assert.Contains(MembershipAttacks.MisleadingNote, figure.Caption);
        Assert.Contains("m_entropy_salun and probability", MembershipAttacks.MisleadingNote);
    }

    [Fact]
    public void SeveralSeedsHaveAnIntervalAndSayWhereTheyDiffer()
    {
        var other = second with { Membership = [confidence with { Auc = 0.5, Verdict = MembershipVerdict.Indistinguishable }, probability] };
        var rows = ((TablePanel)FigureTables.Of([], [("original", [first, other])]).Panels[1]).Rows;
        // Student's t for one degree of freedom is 12.706; the deviation of 0.75 and 0.5 over the root of 2 is 0.125.
        Assert.Equal([["confidence", "0.625 ± 1.588 seeds differ"], ["probability †", "0.250 ± 0.000 over-unlearned"]], rows);
    }

    [Fact]
    public void AHundredClassesHaveColoursOnly()
    {
        int[][] counts = [.. Enumerable.Range(0, 100).Select(r => Enumerable.Range(0, 100).Select(c => r == c ? 1 : 0).ToArray())];
        var many = Measured(counts, counts, [.. Enumerable.Range(0, 100).Select(k => (double)k)], 0.5);
        Assert.All(MeasurementFigures.Of([("original", [many])]).Panels.Cast<GridPanel>(), panel => Assert.False(panel.ShowNumbers));
    }

    [Fact]
    public void ARunsMeasurementsAreFoundByTheNamesOfItsTable()
    {
        using var folder = new TemporaryFolder();
        folder.Write("metrics.json", JsonSerializer.Serialize(new ResultTable("Forget class 0", "class:0", 10, 20, [new("original", first.Metrics, null, null, null, null), new("mu-mis", second.Metrics, null, 1, 2, "cap")]), RunJson.Options));
        folder.Write("original.measurement.json", JsonSerializer.Serialize(first, RunJson.Options));
        folder.Write("mu-mis.measurement.json", JsonSerializer.Serialize(second, RunJson.Options));
        Directory.CreateDirectory(folder.File("figures"));
        foreach (var id in new[] { "relearning", "a-new-one", "membership" }) folder.Write($"figures/{id}.json", JsonSerializer.Serialize(new Figure(id, id, "", "", []), RunJson.Options));
        var report = ReportReader.Read([folder.Path]);
        // What is measured first, then studies, then what no one knows; whatever the file names.
        Assert.Equal(["metrics", "figures", "predictions", "membership", "relearning", "a-new-one"], report.Sections[0].Figures.Select(figure => figure.Figure.Id));
        var forget = (GridPanel)report.Sections[0].Figures[2].Figure.Panels[0];
        Assert.Equal([[60, 10, 30], [0, 20, 80]], forget.Values);

        Said.By("report", folder.Path).Expect(0);
        var page = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("<a href=\"#metric-ta-forgotten\">TA-forgotten</a>", page);
        Assert.Contains("<dt id=\"metric-ta-forgotten\">", page);
        Assert.Contains("<a href=\"#metric-ua\">UA</a> %</th>", page);
        // Of an attack, whose definition has all parts.
        Assert.Contains("<b>Non-members:</b>", page);

        folder.Write("mu-mis.measurement.json", "{ \"metrics\": 3 }");
        Said.By("report", folder.Path).Refuses(1, "mu-mis.measurement.json", "is no measurement");
        var two = first with { Classes = [.. first.Classes.Take(2)], TestPredictions = new([[1, 2], [3, 4]]), ForgetPredictions = new([[1, 2], [3, 4]]) };
        folder.Write("mu-mis.measurement.json", JsonSerializer.Serialize(two, RunJson.Options));
        Said.By("report", folder.Path).Refuses(1, "mu-mis.measurement.json", "has 2 classes where the models beside it have 3");
    }
}
