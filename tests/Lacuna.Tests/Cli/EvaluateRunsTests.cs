using System.Text.Json;

namespace Lacuna.Tests.Cli;

/// <summary>Runs measured again from their own records give the figures that they printed.</summary>
[Collection(TensorLibrary.Name)]
public sealed class EvaluateRunsTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Fact]
    public void AnUnlearnRunGivesItsOwnFiguresAndAnOracleBesideItTheGaps()
    {
        var (forgotten, oracle) = (trained.NewFolder(), trained.NewFolder());
        var made = trained.Unlearn("mu-mis", forgotten, "--forget", "class:2", "--max-steps", "3", "--json").Expect(0);
        var alone = Said.By("evaluate", forgotten, "--json").Expect(0).Json[0];
        Assert.Equal(Rows(made.Json).Select(Figures), Rows(alone.GetProperty("table")).Select(Figures));
        Assert.All(Rows(alone.GetProperty("table")), row => Assert.Equal(JsonValueKind.Null, row.GetProperty("average_gap").ValueKind));
        Assert.Contains("No oracle: neither the runs nor the cache", alone.GetProperty("oracle").GetString());
        Assert.True(JsonElement.DeepEquals(alone, JsonDocument.Parse(File.ReadAllText(Path.Combine(forgotten, "evaluation.json"))).RootElement[0]));

        trained.Unlearn("retrain", oracle, "--forget", "class:2", "--epochs", "3", "--batch", "20").Expect(0);
        var both = Assert.Single(Said.By("evaluate", forgotten, oracle, "--json").Expect(0).Json.EnumerateArray());
        var rows = Rows(both.GetProperty("table"));
        var yardstick = rows.Single(row => row.GetProperty("name").GetString()!.EndsWith("/retrain", StringComparison.Ordinal));
        Assert.Equal(0, yardstick.GetProperty("average_gap").GetDouble());
        Assert.All(rows, row => Assert.Equal(Numbers(row).Zip(Numbers(yardstick), (a, b) => Math.Abs(a - b)).Average(), row.GetProperty("average_gap").GetDouble(), 1e-12));
        // The first file stays as it is.
        Assert.True(File.Exists(Path.Combine(forgotten, "evaluation-2.json")));

        // What 'unlearn retrain' trained is known without its folder.
        Assert.Contains("from the cache", Said.By("evaluate", forgotten, "--json").Expect(0).Json[0].GetProperty("oracle").GetString());
    }

    [Fact]
    public void AnOracleByAnotherRecipeIsNone()
    {
        var (forgotten, oracle) = (trained.NewFolder(), trained.NewFolder());
        trained.Unlearn("mu-mis", forgotten, "--forget", "random:7", "--max-steps", "1").Expect(0);
        trained.Unlearn("retrain", oracle, "--forget", "random:7", "--epochs", "1").Expect(0);
        var both = Said.By("evaluate", forgotten, oracle, "--json").Expect(0).Json[0];
        Assert.Contains("another recipe than the original", both.GetProperty("oracle").GetString());
        Assert.All(Rows(both.GetProperty("table")), row => Assert.Equal(JsonValueKind.Null, row.GetProperty("average_gap").ValueKind));
    }

    [Fact]
    public void WhatIsNoRunOrLostItsDataIsSaid()
    {
        using var folder = new TemporaryFolder();
        Said.By("evaluate", folder.Path).Refuses(1, "is no run", "config.json");
        Said.By("evaluate", trained.Folder).Refuses(1, "is a training, which forgets nothing", "--split FOLDER");
        Said.By("evaluate", trained.Folder, "--forget", "class:1").Refuses(2, "Runs say themselves what is in them");
        Said.By("evaluate").Refuses(2, "--checkpoint FILE");
        var run = trained.NewFolder();
        var moved = TinySet.Write(folder, "moved");
        Said.By("unlearn", "mu-mis", "--data", moved, "--checkpoint", trained.Checkpoint, "--forget", "class:0", "--max-steps", "1", "--out", run).Expect(0);
        Directory.Move(moved, folder.File("there"));
        Said.By("evaluate", run).Refuses(2, "is no data", "--data");
        Said.By("evaluate", run, "--data", folder.File("there")).Expect(0);
        File.WriteAllText(Path.Combine(run, "config.json"), "{ \"verb\": \"unlearn\"");
        Said.By("evaluate", run).Refuses(1, "config.json", "is damaged");
    }

    private static JsonElement[] Rows(JsonElement table) => [.. table.GetProperty("rows").EnumerateArray()];

    private static double[] Numbers(JsonElement row) => [.. row.GetProperty("metrics").EnumerateObject().Select(figure => figure.Value.GetDouble())];

    private static string Figures(JsonElement row) => $"{row.GetProperty("name").GetString()} {string.Join(' ', Numbers(row))}";
}
