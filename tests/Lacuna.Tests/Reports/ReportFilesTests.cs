using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Reports;
using Lacuna.Reports.Html;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;
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
        Assert.Contains("mu-mis: loss", page);
        Assert.Contains("mu-mis ended after 2 steps: cap.", page);
        Assert.Contains("membership-inference efficacy", page);
        Assert.True(File.Exists(folder.File("report-files/task-trajectory-2.svg")));

        folder.Write("metrics.json", JsonSerializer.Serialize(table with { Rows = [.. table.Rows, new("retrain", new(10, 99, 88, 10), null, 1, 1, "done")] } is var with ? with.WithGapsTo(with.Rows[^1]) : table, RunJson.Options));
        Said.By("report", folder.Path).Expect(0);
        // 81.25 - 10, 87.5 - 10, 89.671 - 99, 77.25 - 88: the words and bounds of every verdict are Verdict's.
        Assert.Contains("mu-mis: forgets more than retraining, which shows (UA +71.3, MIA +77.5); costs accuracy (RA -9.3, TA -10.8).", File.ReadAllText(folder.File("report.html")));
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
        var unlearned = new Disparity([new("UA", new(2, 97.25, 1, 95, 99.5), null, null, null)], new(2, 2.5, 1, 2, 3), 2.5);
        var yardstick = new Disparity([new("UA", new(2, 100, 0, 100, 100), null, null, null)], null, null);
        folder.Write("results.json", JsonSerializer.Serialize(new ExperimentResult("Two classes", "A trial.", "Table 1", "Fashion-MNIST", new("1", "portable", "1.13", "cpu", "", null, 2, "", 2, "", "", "2026-01-01T00:00:00Z"), [3, 4],
            [
                new("class-0", "Forget T-shirts", "class:0", [],
                    [new("retrain", yardstick, null, 0, "the yardstick"), new("mu-mis", unlearned, new(2, 3.5, 0.1, 3, 4), 0, "forgets too little (UA -2.9)")], [new("u-lira", [], 0, "it needs more time", null)]),
            ], [new(new("class-0", "mu-mis", "UA", 99, 100), 97.25, false)], null, 1), RunJson.Options));
        Said.By("report", folder.Path, "--out", folder.File("r.html")).Expect(0);
        var page = File.ReadAllText(folder.File("r.html"));
        foreach (var words in new[] { "<h1>Two classes</h1>", "97.25 &#177; 2.25", "mu-mis: forgets too little (UA -2.9).", "Everything was done with 2 seeds: 3, 4.", "UA from 99 to 100; it is 97.25, outside.", "u-lira was left out: it needs more time", "name: two classes", "lacuna experiment two.yaml --out runs/two", "What the methods recorded while they ran. Seed 3. mu-mis ended after 2 steps: cap.", "3.5 &#177; 0.5", "2.50 &#177; 0.50", "PGD-7, 8/255" })
            Assert.Contains(words, page);
        Assert.Contains("UA: unlearning accuracy,mu-mis,97.25,95,99.5", File.ReadAllText(folder.File("r-files/class-0-metrics-1.csv")));
    }

    [Fact]
    public void AFolderThatIsMissingIsMadeForThePage()
    {
        using var folder = new TemporaryFolder();
        folder.Write("metrics.json", JsonSerializer.Serialize(new ResultTable("t", "f", 1, 1, [new("original", new(0, 100, 86.5, 0), null, null, null, null)]), RunJson.Options));
        Said.By("report", folder.Path, "--out", folder.File("new/below/r.html")).Expect(0);
        Assert.True(File.Exists(folder.File("new/below/r.html")) && File.Exists(folder.File("new/below/r-files/task-metrics-1.csv")));
        Said.By("report", folder.Path, "--out", folder.File("metrics.json/r.html")).Refuses(1, "is a file, not a folder");
    }

    [Fact]
    public void WhatIsNoRunIsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        Said.By("report", folder.File("nowhere")).Refuses(1, "there is no such folder");
        Said.By("report", folder.Path).Refuses(1, "holds no results");
        Said.By("report", folder.Path, folder.Path).Refuses(2, "--out");
        Said.By("report", folder.Path, "--out", folder.File("x.pdf")).Refuses(2, "an HTML file");
        folder.Write("results.json", "{ \"name\": \"x\", \"tasks\": [null] }");
        Said.By("report", folder.Path).Refuses(1, "results.json", "something is missing");
        File.Delete(folder.File("results.json"));
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
