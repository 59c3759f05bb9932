using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Lacuna.Figures;
using Lacuna.Reports;
using Lacuna.Reports.Html;
using Lacuna.Runs;
using Lacuna.Tests.Cli;

namespace Lacuna.Tests.Reports;

public sealed class ReportFilesTests
{
    [Fact]
    public void CsvHasTheValuesOfTheRecordToTheLastBit()
    {
        double[] odd = [0.1 + 0.2, 1 / 3.0, 1e-300, -0.0, double.NaN, double.PositiveInfinity, 123456789.123456789];
        var panel = new BarPanel("", [.. odd.Select((_, i) => $"a \"group\", number {i}\nof two lines")], new("y"), [new("s;1", odd)]);
        using var csv = new CsvReader(new StringReader(PanelTable.Of(panel)!.Csv()), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        for (var i = 0; csv.Read(); i++)
        {
            Assert.Equal((panel.Categories[i], "s;1"), (csv[0], csv[1]));
            Assert.Equal(BitConverter.DoubleToInt64Bits(odd[i]), BitConverter.DoubleToInt64Bits(double.Parse(csv[2]!, CultureInfo.InvariantCulture)));
        }
        var grid = (GridPanel)SyntheticReport.Grids().Panels[0];
        Assert.Equal(grid.Values[2].Select(value => value.ToString("R", CultureInfo.InvariantCulture)), PanelTable.Of(grid)!.Csv().Split('\n')[3].Split(',').Skip(1));
    }

    [Fact]
    public void NamesCannotBecomeMarkup()
    {
        using var folder = new TemporaryFolder();
        var page = HtmlReport.Of(SyntheticReport.In(folder.Path), "x-files");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;", page);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", ""));
        Assert.Equal(page, HtmlReport.Of(SyntheticReport.In(folder.Path), "x-files"));
    }

    [Fact]
    public void FilesAreWrittenReplacedAndForeignOnesLeftAlone()
    {
        using var folder = new TemporaryFolder();
        var (report, page) = (SyntheticReport.In(folder.Path), folder.File("report.html"));
        var result = ReportFiles.Write(report, page, TestContext.Current.CancellationToken);
        var names = Directory.GetFiles(result.Folder).Select(file => Path.GetFileName(file)!).ToHashSet();
        Assert.Superset(new HashSet<string> { "task-robustness-1.svg", "task-robustness-1.csv", "task-predictions-3.svg", "task-grad-cam-1.png", "task-grad-cam-2.csv" }, names);
        if (result.Missing is null)
        {
            // Two pixels a unit; the header of a PNG file holds its width after 16 bytes.
            var png = File.ReadAllBytes(Path.Combine(result.Folder, "task-robustness-1.png"));
            Assert.Equal(880, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        }

        // A smaller report in its place leaves nothing of the larger one, and nobody else's file is touched.
        File.WriteAllText(Path.Combine(result.Folder, "mine.txt"), "mine");
        ReportFiles.Write(report with { Sections = [report.Sections[0] with { Figures = [report.Sections[0].Figures[0]] }] }, page, TestContext.Current.CancellationToken);
        Assert.All(Directory.GetFiles(result.Folder), file => Assert.True(Path.GetFileName(file) is "mine.txt" or "lacuna-report.txt" || Path.GetFileName(file).StartsWith("task-trajectory", StringComparison.Ordinal), file));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(result.Folder, "mine.txt")));

        var foreign = folder.Write("foreign.html", "<html>mine</html>");
        Assert.Contains("is no report of Lacuna's", Assert.Throws<IOException>(() => ReportFiles.Write(report, foreign, TestContext.Current.CancellationToken)).Message);
        Assert.Equal("<html>mine</html>", File.ReadAllText(foreign));
        Directory.CreateDirectory(folder.File("other-files"));
        File.WriteAllText(Path.Combine(folder.File("other-files"), "mine.txt"), "mine");
        Assert.Contains("is not empty and is no folder of a report", Assert.Throws<IOException>(() => ReportFiles.Write(report, folder.File("other.html"), TestContext.Current.CancellationToken)).Message);
        Assert.False(File.Exists(folder.File("other.html")));
    }

    [Fact]
    public void ARunWithoutOracleShowsNoGapAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        var table = new ResultTable("Forget 16 images", "random:16", 16, 5984, [new("original", new(0, 100, 86.5, 0), null, null, null, null), new("mu-mis", new(81.25, 89.671, 77.25, 87.5), null, 0.1, 30, "cap")]);
        Directory.CreateDirectory(folder.File("figures"));
        folder.Write("metrics.json", JsonSerializer.Serialize(table, RunJson.Options));
        folder.Write("figures/trajectory.json", JsonSerializer.Serialize(SyntheticReport.Lines(), RunJson.Options));
        folder.Write("mu-mis.trace.json", """{ "method": "mu-mis", "steps": 2, "stop_reason": "cap", "trace": { "loss": [3, 2, 1] } }""");
        folder.Write("config.json", """{ "verb": "unlearn", "command": "lacuna unlearn mu-mis --forget random:16" }""");
        Said.By("report", folder.Path).Expect(0);
        var page = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("No retrained model of this split was measured", page);
        Assert.DoesNotContain("as retraining<", page);
        Assert.Contains("<td class=\"n\">89.67</td>", page);
        Assert.Contains("lacuna unlearn mu-mis --forget random:16", page);
        Assert.Contains("Course of mu-mis", page);
        Assert.Contains("membership-inference efficacy", page);
        Assert.True(File.Exists(folder.File("report-files/task-trajectory-2.svg")));

        folder.Write("metrics.json", JsonSerializer.Serialize(table with { Rows = [.. table.Rows, new("retrain", new(10, 99, 88, 10), null, 1, 1, "done")] } is var with ? with.WithGapsTo(with.Rows[^1]) : table, RunJson.Options));
        Said.By("report", folder.Path).Expect(0);
        Assert.Contains("mu-mis ends unlike retraining", File.ReadAllText(folder.File("report.html")));
    }

    [Fact]
    public void AnExperimentIsShownWithItsIntervalsVerdictsAndFigures()
    {
        using var folder = new TemporaryFolder();
        folder.Write("experiment.yaml", "name: two classes\n");
        Said.By("report", folder.Path).Refuses(1, "is not done yet");
        folder.Write("config.json", """{ "verb": "experiment", "command": "lacuna experiment two.yaml --out runs/two" }""");
        Directory.CreateDirectory(folder.File("tasks/class-0/figures"));
        Directory.CreateDirectory(folder.File("tasks/class-0/seed-3"));
        folder.Write("tasks/class-0/figures/robustness.json", JsonSerializer.Serialize(SyntheticReport.Bars(), RunJson.Options));
        folder.Write("tasks/class-0/seed-3/mu-mis.trace.json", """{ "method": "mu-mis", "steps": 2, "stop_reason": "cap", "trace": { "loss": [3, 2, 1] } }""");
        folder.Write("results.json", """
            { "name": "Two classes", "about": "A trial.", "source": "Table 1", "data": "Fashion-MNIST", "seeds": [3, 4], "expected": [{ "range": { "task": "class-0", "subject": "mu-mis", "metric": "UA", "low": 99, "high": 100 }, "value": 97.25, "inside": false }],
              "tasks": [{ "name": "class-0", "title": "Forget T-shirts", "forget": "class:0", "seeds": [], "studies": [{ "name": "u-lira", "figures": [], "left_out": "it needs more time" }],
                "summary": [{ "name": "retrain", "metrics": { "UA": { "count": 2, "mean": 100, "low": 100, "high": 100 } }, "seconds": null, "verdict": "the yardstick" },
                            { "name": "mu-mis", "metrics": { "UA": { "count": 2, "mean": 97.25, "low": 95, "high": 99.5 } }, "seconds": { "count": 2, "mean": 3.5, "low": 3, "high": 4 }, "verdict": "forgets too little (UA -2.9)" }] }] }
            """);
        Said.By("report", folder.Path, "--out", folder.File("r.html")).Expect(0);
        var page = File.ReadAllText(folder.File("r.html"));
        foreach (var words in new[] { "<h1>Two classes</h1>", "97.25 &#177; 2.25", "mu-mis: forgets too little (UA -2.9).", "UA from 99 to 100; it is 97.25, outside.", "u-lira was left out: it needs more time", "name: two classes", "lacuna experiment two.yaml --out runs/two", "Course of mu-mis, seed-3", "PGD-7, 8/255" })
            Assert.Contains(words, page);
        Assert.Contains("UA: unlearning accuracy,mu-mis,97.25,95,99.5", File.ReadAllText(folder.File("r-files/class-0-metrics.csv")));
    }

    [Fact]
    public void WhatIsNoRunIsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        Said.By("report", folder.File("nowhere")).Refuses(1, "there is no such folder");
        Said.By("report", folder.Path).Refuses(1, "holds no results");
        Said.By("report", folder.Path, folder.Path).Refuses(2, "--out");
        Said.By("report", folder.Path, "--out", folder.File("x.pdf")).Refuses(2, "an HTML file");
        folder.Write("metrics.json", "{ \"title\": 3 }");
        Said.By("report", folder.Path).Refuses(1, "metrics.json", "no result table");
        folder.Write("metrics.json", JsonSerializer.Serialize(new ResultTable("t", "f", 1, 1, []), RunJson.Options));
        Directory.CreateDirectory(folder.File("figures"));
        folder.Write("figures/a.json", JsonSerializer.Serialize(new Figure("../a", "", "", "", []), RunJson.Options));
        Said.By("report", folder.Path).Refuses(1, "a.json", "its id is '../a'");
        folder.Write("figures/a.json", JsonSerializer.Serialize(new Figure("a", "", "", "", [new BarPanel("", ["x"], new("y"), [new("s", [1, 2])])]), RunJson.Options));
        Said.By("report", folder.Path).Refuses(1, "a.json", "2 bars of 's' in 1 groups");
        folder.Write("figures/a.json", JsonSerializer.Serialize(new Figure("a", "", "", "", [new PicturePanel("", "../../etc/x.png", "", 1, 1)]), RunJson.Options));
        Said.By("report", folder.Path).Refuses(1, "a.json", "names the picture");
        Assert.False(File.Exists(folder.File("report.html")));
        Assert.False(Directory.Exists(folder.File("report-files")));
    }
}
