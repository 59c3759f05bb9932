using System.Text.Json;
using System.Text.RegularExpressions;
using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Numerics;

namespace Lacuna.Tests.Cli;

/// <summary>The way of a user: train, unlearn with each method, evaluate what came out.</summary>
[Collection(TensorLibrary.Name)]
public sealed class RunTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    private static readonly Dictionary<string, string> Short = new()
    {
        ["forget-vector"] = "--epochs 2 --batch 30",
        ["mu-mis"] = "--max-steps 3",
        ["instance-wise"] = "--lr 0.1 --adversarial 2 --attack-steps 2 --max-passes 3 --adversarial-batch 16",
        ["negative-gradient"] = "--lr 0.1 --max-passes 5",
        ["retrain"] = "--epochs 2 --batch 20",
        ["fine-tune"] = "--epochs 1 --batch 20",
    };

    public static TheoryData<string> Methods => [.. Short.Keys];

    [Fact]
    public void TrainLeavesEverythingAndSaysTheResultOnStdout()
    {
        Assert.Matches(@"^cnn-s: 100\.00 % of the training and 100\.00 % of the test images right, \d+\.\d s\. Saved .*model\.safetensors\r?\n$", trained.Training.Out);
        Assert.Matches(@"^\[ *\d+\.\d s\] train original\r?\n$", trained.Training.Error);
        Assert.Equal(["config.json", "environment.json", "metrics.json", "model.safetensors"], FilesOf(trained.Folder));
        var config = Read(trained.Folder, "config.json");
        Assert.Equal(("train", "cnn-s", 5, 3), (config.GetProperty("verb").GetString(), config.GetProperty("architecture").GetString(), config.GetProperty("seed").GetInt32(), config.GetProperty("training").GetProperty("epochs").GetInt32()));
        Assert.Matches("^[0-9a-f]{64}$", config.GetProperty("data_hash").GetString()!);
        Assert.NotEmpty(Read(trained.Folder, "environment.json").GetProperty("libtorch").GetString()!);
        Assert.Equal(100, Read(trained.Folder, "metrics.json").GetProperty("test_accuracy").GetDouble());
    }

    [Fact]
    public void TheSameSeedTrainsTheSameNetworkAndJsonIsWhatTheFileHolds()
    {
        var folder = trained.NewFolder();
        var said = Said.By("train", "--data", trained.Data, "--out", folder, "--epochs", "3", "--batch", "20", "--seed", TrainedOnce.Seed, "--json", "--quiet").Expect(0);
        Assert.Equal("", said.Error);
        Assert.True(JsonElement.DeepEquals(Read(folder, "metrics.json"), said.Json));
        Assert.Equal(File.ReadAllBytes(trained.Checkpoint), File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public void TheSeedIsThatOfWeightsAndOrder()
    {
        using var model = ModelZoo.Create("cnn-s", new ModelOptions(10, 1, TinySet.Side, TinySet.Side, Normalisation.FashionMnist), seed: 5);
        var set = IdxDataset.TryLoadFolder(trained.Data)!.Train;
        Trainer.Train(model, set, [.. Enumerable.Range(0, set.Count)], new TrainingOptions { Epochs = 3, BatchSize = 20 }, new DrawSource(5), TorchSharp.torch.CPU, new Nobody(), CancellationToken.None);
        var file = CheckpointReader.Read(trained.Checkpoint);
        foreach (var (name, value) in model.TrainableParameters()) Assert.Equal(value.bytes.ToArray(), file.Find(name)!.Bytes.ToArray());
    }

    [Fact]
    public void AnEvaluationOfARunsSplitAttacksTheSameImages()
    {
        // Barely trained, so that confidences differ and the attack's figure depends on the images it learns from.
        var raw = trained.NewFolder();
        Said.By("train", "--data", trained.Data, "--out", raw, "--epochs", "1", "--lr", "0.001", "--seed", TrainedOnce.Seed, "--quiet").Expect(0);
        var checkpoint = Path.Combine(raw, "model.safetensors");
        double Efficacy(params string[] more) => Metrics(Assert.Single(Rows(trained.Evaluate(checkpoint, more).Expect(0))))[3];
        using var lists = new TemporaryFolder();
        var forget = "indices:" + lists.Write("twenty.txt", string.Join('\n', Enumerable.Range(0, 20)));
        var folder = trained.NewFolder();
        var run = Said.By("unlearn", "mu-mis", "--data", trained.Data, "--checkpoint", checkpoint, "--forget", forget, "--max-steps", "1", "--seed", TrainedOnce.Seed, "--out", folder, "--json", "--quiet").Expect(0);
        Assert.Equal(Metrics(Rows(run)[0])[3], Efficacy("--split", folder));
        Assert.Equal(Metrics(Rows(run)[0])[3], Efficacy("--forget", forget, "--seed", TrainedOnce.Seed));
        Assert.Contains(Enumerable.Range(1, 60), seed => Efficacy("--forget", forget, "--seed", $"{seed}") != Metrics(Rows(run)[0])[3]);
    }

    private sealed class Nobody : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value)
        {
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void WhatAMethodSavesEvaluatesToWhatItsTableSays(string method)
    {
        var folder = trained.NewFolder();
        var said = trained.Unlearn(method, folder, ["--forget", "class:1", "--json", .. Short[method].Split(' ')]).Expect(0);

        // stdout holds the one document that the file holds; stderr what is going on, a line a stage.
        Assert.True(JsonElement.DeepEquals(Read(folder, "metrics.json"), said.Json));
        Assert.Equal(["measure original", method, $"measure {method}"], said.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Regex.Match(line, @"^\[ *\d+\.\d s\] (.*?)\r?$").Groups[1].Value));
        Assert.Equal(["config.json", "environment.json", "forget.txt", "metrics.json", "original.measurement.json", "retain.txt", "split.json", $"{method}.measurement.json", $"{method}.safetensors", $"{method}.trace.json"], FilesOf(folder).OrderBy(f => f.StartsWith(method, StringComparison.Ordinal)).ThenBy(f => f, StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{3 * i + 1}"), File.ReadLines(Path.Combine(folder, "forget.txt")));
        Assert.Equal((20, 40), (said.Json.GetProperty("forget_count").GetInt32(), said.Json.GetProperty("retain_count").GetInt32()));
        var config = Read(folder, "config.json");
        Assert.Equal((method, "class:1", 5), (config.GetProperty("method").GetString(), config.GetProperty("forget").GetString(), config.GetProperty("seed").GetInt32()));
        var rows = Rows(said);
        Assert.Equal(["original", method], rows.Select(NameOf));
        Assert.Equal(Read(folder, $"{method}.trace.json").GetProperty("steps").GetInt32(), rows[1].GetProperty("steps").GetInt32());

        var saved = Path.Combine(folder, $"{method}.safetensors");
        var again = method == "forget-vector"
            ? trained.Evaluate(trained.Checkpoint, "--forget-vector", saved, "--split", folder).Expect(0)
            : trained.Evaluate(saved, "--split", folder).Expect(0);
        Assert.Equal(Metrics(rows[1]), Metrics(Assert.Single(Rows(again))));
        Assert.Equal(Metrics(rows[0]), Metrics(Assert.Single(Rows(trained.Evaluate(trained.Checkpoint, "--split", folder).Expect(0)))));
    }

    [Fact]
    public void TheOracleStandsSecondAndGapsAreMeansOfTheFourDistances()
    {
        var oracle = trained.NewFolder();
        var made = trained.Unlearn("retrain", oracle, "--forget", "random:9", "--json", "--epochs", "2").Expect(0);
        Assert.Equal(0, Rows(made)[1].GetProperty("average_gap").GetDouble());
        var saved = Path.Combine(oracle, "retrain.safetensors");

        var rows = Rows(trained.Unlearn("fine-tune", trained.NewFolder(), "--forget", "random:9", "--epochs", "1", "--json", "--oracle", saved).Expect(0));
        Assert.Equal(["original", "retrain", "fine-tune"], rows.Select(NameOf));
        Assert.Equal(Metrics(Rows(made)[1]), Metrics(rows[1]));
        foreach (var row in rows)
            Assert.Equal(Metrics(row).Zip(Metrics(rows[1]), (a, b) => Math.Abs(a - b)).Average(), row.GetProperty("average_gap").GetDouble(), 1e-12);

        var evaluated = Rows(trained.Evaluate(trained.Checkpoint, "--split", oracle, "--oracle", saved).Expect(0));
        Assert.Equal(["retrain", "model"], evaluated.Select(NameOf));
        Assert.Equal(rows[0].GetProperty("average_gap").GetDouble(), evaluated[1].GetProperty("average_gap").GetDouble());
    }

    [Fact]
    public void NoOracleNoGapWhateverAFileIsCalled()
    {
        var called = Path.Combine(trained.Folder, "..", "retrain.safetensors");
        File.Copy(trained.Checkpoint, called);
        Assert.Equal(JsonValueKind.Null, Assert.Single(Rows(trained.Evaluate(called, "--forget", "class:0").Expect(0))).GetProperty("average_gap").ValueKind);

        var folder = trained.NewFolder();
        trained.Unlearn("retrain", folder, "--forget", "class:0", "--epochs", "2", "--quiet").Expect(0);
        var rows = Rows(trained.Evaluate(called, "--split", folder, "--oracle", Path.Combine(folder, "retrain.safetensors")).Expect(0));
        Assert.Equal(0, rows[0].GetProperty("average_gap").GetDouble());
        Assert.True(rows[1].GetProperty("average_gap").GetDouble() > 0);
    }

    [Fact]
    public void TheTerminalsTableHasTheFiguresOfTheRecord()
    {
        var folder = trained.NewFolder();
        var said = trained.Unlearn("fine-tune", folder, "--forget", "random:15%", "--epochs", "1").Expect(0);
        var cells = said.Out.Split('\n').Where(line => line.StartsWith('│')).Select(line => line.Trim('│', '\r').Split('│', StringSplitOptions.TrimEntries)).ToArray();
        var rows = Read(folder, "metrics.json").GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(3, cells.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(NameOf(rows[i]), cells[i + 1][0]);
            Assert.Equal(Metrics(rows[i]).Select(m => m.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)), cells[i + 1][1..5]);
            Assert.Equal("–", cells[i + 1][5]);
        }
        Assert.Contains("Forget random:15%: 9 of 60 images", said.Out);
        Assert.Contains($"Saved {Path.Combine(folder, "fine-tune.safetensors")}", said.Out);
        Assert.DoesNotContain('\u001b', said.Out);
    }

    [Fact]
    public void AnInterruptBeforeTheFirstStepIs130()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        foreach (var line in new[] { $"train --data {trained.Data} --out {trained.NewFolder()}", $"unlearn mu-mis --data {trained.Data} --checkpoint {trained.Checkpoint} --forget class:1 --out {trained.NewFolder()}", $"evaluate --data {trained.Data} --checkpoint {trained.Checkpoint} --forget class:1", "doctor" })
        {
            var said = Said.By(interrupt.Token, line.Split(' ')).Expect(130);
            Assert.Equal("", said.Out);
            Assert.EndsWith("interrupted" + Environment.NewLine, said.Error);
        }
    }

    [Fact]
    public void AnInterruptedRunLeavesWholeFilesOnly()
    {
        var folder = trained.NewFolder();
        using var interrupt = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new Interrupting("] retrain", interrupt);
        var code = new Lacuna.Cli.Application(output, error, TimeProvider.System).Run(
            ["unlearn", "retrain", "--data", trained.Data, "--checkpoint", trained.Checkpoint, "--forget", "class:2", "--out", folder], interrupt.Token);
        Assert.Equal((130, ""), (code, output.ToString()));
        Assert.Equal(["config.json", "environment.json", "forget.txt", "original.measurement.json", "retain.txt", "split.json"], FilesOf(folder));
        Assert.Equal("class:2", ForgetSplit.Load(folder).Spec);
    }

    /// <summary>Presses Ctrl-C when a stage begins.</summary>
    private sealed class Interrupting(string word, CancellationTokenSource interrupt) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value is not null && value.Contains(word, StringComparison.Ordinal)) interrupt.Cancel();
        }
    }

    private static string[] FilesOf(string folder) => [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static JsonElement Read(string folder, string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name))).RootElement;

    private static JsonElement[] Rows(Said said) => [.. said.Json.GetProperty("rows").EnumerateArray()];

    private static string NameOf(JsonElement row) => row.GetProperty("name").GetString()!;

    private static double[] Metrics(JsonElement row) => [.. new[] { "unlearning_accuracy", "retain_accuracy", "test_accuracy", "membership_efficacy" }.Select(m => row.GetProperty("metrics").GetProperty(m).GetDouble())];
}
