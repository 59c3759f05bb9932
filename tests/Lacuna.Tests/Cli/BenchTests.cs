namespace Lacuna.Tests.Cli;

/// <summary>The bench on the command line, on an operation and size that take a moment.</summary>
public sealed class BenchTests
{
    private static readonly string[] quick = ["bench", "--only", "squared-norms", "--sizes", "1", "--samples", "1", "--quiet"];

    [Fact]
    public void EveryFormHasTheRow()
    {
        Assert.Contains("squared-norms", Said.By(quick).Expect(0).Out);
        Assert.Contains("| squared-norms | 85 x 3 x 32 x 32 | 1.0 |", Said.By([.. quick, "--markdown"]).Expect(0).Out);
        Assert.Contains("squared-norms,\"85 x 3 x 32 x 32\",1044820,", Said.By([.. quick, "--csv"]).Expect(0).Out);
        var json = Said.By([.. quick, "--json"]).Expect(0).Json;
        Assert.True(json.GetProperty("copy_gigabytes_per_second").GetDouble() > 0);
        var row = Assert.Single(json.GetProperty("rows").EnumerateArray());
        Assert.Equal(1_044_820, row.GetProperty("bytes_moved").GetInt64());
        Assert.True(row.GetProperty("kernel_ms").GetDouble() > 0 && row.GetProperty("operator_ms").GetDouble() > 0);
        // One sum of 3,072 squares, rounded once.
        Assert.InRange(row.GetProperty("largest_error").GetDouble(), 0, 1e-7);
    }

    [Fact]
    public void FilesHoldTheSameFigures()
    {
        using var folder = new TemporaryFolder();
        var said = Said.By([.. quick, "--csv", "--out", folder.File("figures")]).Expect(0);
        Assert.Equal(said.Out, File.ReadAllText(folder.File("figures/bench.csv")));
        Assert.Equal(["bench.csv", "bench.json", "bench.md"], Directory.GetFiles(folder.File("figures")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WhatCannotBeMeasuredIsRefused()
    {
        Said.By("bench", "--only", "squirrel").Refuses(2, "'squirrel'", "squared-norms");
        Said.By("bench", "--sizes", "0").Refuses(2, "--sizes is 0");
        Said.By("bench", "--samples", "0").Refuses(2, "--samples is 0");
        Said.By("bench", "--json", "--csv").Refuses(2, "Choose one of");
        Said.By("bench", "--kernels", "operators").Refuses(1, "nothing to compare", "Leave --kernels out");
    }
}
