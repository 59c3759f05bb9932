using System.Globalization;
using System.Text.Json;
using Lacuna.Cli;
using Lacuna.Evaluation;
using Lacuna.Reports;
using Lacuna.Runs;

namespace Lacuna.Tests.Reports;

/// <summary>One record, three forms: markdown, terminal, JSON.</summary>
public sealed class TableTests
{
    private static readonly ResultTable table = new("Forget the class 0", "class:0", 600, 5400,
    [
        new("original", new(6.125, 94.5, 88.1, 21), 41.25, null, null, null),
        new("retrain", new(100, 94.004, 89.996, 100), 0, 12.345, 282, "all 6 epochs done"),
        new("mine [beta]", new(99.994, double.NaN, 0, 33.3333), null, 0.04, 0, "s_t/s_0 rose to 1.55, past 1.50"),
    ]);

    private static readonly string[][] expected =
    [
        ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap", "Time s", "Steps", "Ended because"],
        ["original", "6.13", "94.50", "88.10", "21.00", "41.25", "–", "–", "–"],
        ["retrain", "100.00", "94.00", "90.00", "100.00", "0.00", "12.3", "282", "all 6 epochs done"],
        ["mine [beta]", "99.99", "–", "0.00", "33.33", "–", "0.0", "0", "s_t/s_0 rose to 1.55, past 1.50"],
    ];

    [Fact]
    public void MarkdownHasTheFiguresRightAligned()
    {
        var lines = MarkdownTable.Of(table).Split('\n');
        Assert.Equal(["**Forget the class 0**", ""], lines.Take(2));
        Assert.Equal("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |", lines[3]);
        Assert.Equal(expected, lines.Where((line, i) => i is 2 or > 3 && line.Length > 0).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)));
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void TheTerminalShowsTheSameCells()
    {
        using var output = new StringWriter();
        ResultScreen.Print(new Host(output, TextWriter.Null, TimeProvider.System, CancellationToken.None), table);
        var rows = output.ToString().Split('\n').Where(line => line.StartsWith('│')).Select(line => line.Trim('│', '\r').Split('│', StringSplitOptions.TrimEntries));
        Assert.Equal(expected, rows);
        Assert.Contains("Forget the class 0", output.ToString());
    }

    [Fact]
    public void JsonHasTheFiguresInFull()
    {
        var rows = JsonSerializer.SerializeToElement(table, RunJson.Options).GetProperty("rows");
        for (var i = 0; i < 2; i++)
        {
            var metrics = rows[i].GetProperty("metrics");
            Assert.Equal(expected[i + 1][1..5], new[] { "unlearning_accuracy", "retain_accuracy", "test_accuracy", "membership_efficacy" }.Select(m => metrics.GetProperty(m).GetDouble().ToString("0.00", CultureInfo.InvariantCulture)));
        }
        Assert.Equal(12.345, rows[1].GetProperty("seconds").GetDouble());
        Assert.Equal("NaN", rows[2].GetProperty("metrics").GetProperty("retain_accuracy").GetString());
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("average_gap").ValueKind);
    }
}
