using System.Text.Json;

namespace Lacuna.Tests.Cli;

/// <summary><c>lacuna sensitivity</c> on a tiny set: 60 training images of three classes, of which 20 are forgotten.</summary>
[Collection(TensorLibrary.Name)]
public sealed class SensitivityTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Fact]
    public void ItWritesValuesFigureAndSplitAndPrintsTheTable()
    {
        var (unlearned, folder) = (trained.NewFolder(), trained.NewFolder());
        trained.Unlearn("mu-mis", unlearned, "--forget", "class:1", "--max-steps", "3").Expect(0);
        var vector = trained.NewFolder();
        trained.Unlearn("forget-vector", vector, "--forget", "class:1", "--epochs", "2", "--batch", "30").Expect(0);
        var said = Look(folder, "--split", unlearned, "--unlearned", Path.Combine(unlearned, "mu-mis.safetensors"), "--forget-vector", Path.Combine(vector, "forget-vector.safetensors")).Expect(0);
        foreach (var word in (string[])["untrained", "original", "mu-mis", "forget-vector", "d(x) rose in training (%)", "Saved "]) Assert.Contains(word, said.Out);

        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(["config.json", "environment.json", "figures/sensitivity.json", "forget.txt", "retain.txt", "sensitivity.csv", "split.json"], files);
        Assert.Equal(1 + 4 * 60, File.ReadAllLines(Path.Combine(folder, "sensitivity.csv")).Length);
        var figure = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "figures", "sensitivity.json"))).RootElement;
        Assert.Equal("sensitivity", figure.GetProperty("id").GetString());
        Assert.Equal(["histogram", "histogram", "histogram", "histogram", "bars", "bars", "table"], figure.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("kind").GetString()!));
        var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement;
        Assert.Equal(("sensitivity", 5, "class:1"), (config.GetProperty("verb").GetString(), config.GetProperty("seed").GetInt32(), config.GetProperty("forget").GetString()));
    }

    /// <summary>The network that training with this seed began from, given as a file, is the one that init makes; a trained one given twice neither rises nor falls.</summary>
    [Fact]
    public void JsonGivesTheFiguresAsNumbers()
    {
        var said = Look(trained.NewFolder(), "--forget", "class:1", "--seed", TrainedOnce.Seed, "--before", trained.Checkpoint, "--oracle", trained.Checkpoint, "--images", "6", "--irrelevant", "1", "--json").Expect(0);
        Assert.Equal("class:1", said.Json.GetProperty("forget").GetString());
        foreach (var line in said.Json.GetProperty("summary").EnumerateArray())
        {
            Assert.Equal(6, line.GetProperty("images").GetInt32());
            var subject = line.GetProperty("subject").GetString();
            Assert.Equal(subject == "original" ? 0 : null, Number(line, "rose_percent"));
            Assert.Equal(subject == "retrain" ? 0 : null, Number(line, "fell_percent"));
            Assert.True(Number(line, "target_median") > 0);
        }
        Assert.Equal("sensitivity", said.Json.GetProperty("figures")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void WhatMakesNoSenseIsRefusedBeforeAnythingIsWritten()
    {
        var folder = trained.NewFolder();
        Look(folder).Refuses(2, "either --forget WORDS or --split FOLDER");
        Look(folder, "--forget", "class:1", "--images", "-1").Refuses(2, "Images is -1");
        Look(folder, "--forget", "class:1", "--irrelevant", "0").Refuses(2, "IrrelevantLogits is 0");
        Look(folder, "--forget", "class:1", "--unlearned", trained.Checkpoint + "," + trained.Checkpoint).Refuses(2, "would be called 'model'", "Rename");
        Look(folder, "--forget", "class:1", "--before", "no-such-file").Refuses(1, "no-such-file");
        Look(folder, "--forget", "class:9").Refuses(2, "9");
        Assert.False(Directory.Exists(folder));
        Look(trained.Folder, "--forget", "class:1").Refuses(1, "is not empty");
    }

    private static double? Number(JsonElement line, string name) => line.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private Said Look(string folder, params string[] more) => Said.By(["sensitivity", "--data", trained.Data, "--checkpoint", trained.Checkpoint, "--out", folder, "--quiet", .. more]);
}
