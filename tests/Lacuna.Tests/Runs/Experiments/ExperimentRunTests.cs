using System.Diagnostics;
using System.Text.Json.Nodes;
using Lacuna.Tests.Cli;

namespace Lacuna.Tests.Runs.Experiments;

/// <summary>A whole experiment on a set that takes a second: what it leaves, that it goes on where it was stopped, and what it refuses.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ExperimentRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private int _caches;

    public ExperimentRunTests()
    {
        TinySet.Write(_folder, "tiny");
        _file = _folder.Write("tiny.yaml", $$"""
            name: tiny
            data: {{_folder.File("tiny")}}
            seeds: [1, 2]
            model: { architecture: cnn-s, recipe: { epochs: 2, batch_size: 20 } }
            tasks:
              - name: class
                forget: class:1
                methods:
                  - mu-mis: { max_steps: 3 }
                  - retrain
                  - forget-vector: { epochs: 2, batch_size: 30 }
              - name: some
                forget: random:9
                methods: [{ negative-gradient: { learning_rate: 0.1, max_passes: 3 } }]
            expected: { class: { retrain: { UA: [100, 100], TA: [0, 1] } } }
            """);
        NewCache();
    }

    [Fact]
    public void EverythingIsDoneOnceWrittenAndSaid()
    {
        var run = _folder.File("run");
        var said = Run(run, "--json").Expect(0);
        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "results.json")))!;
        Assert.True(JsonNode.DeepEquals(written, JsonNode.Parse(said.Out)));
        var tasks = written["tasks"]!.AsArray();
        Assert.Equal(["class", "some"], tasks.Select(task => (string?)task!["name"]));
        // The oracle stands second, wherever it was listed.
        Assert.Equal(["original", "retrain", "mu-mis", "forget-vector"], tasks[0]!["summary"]!.AsArray().Select(row => (string?)row!["name"]));
        foreach (var row in tasks[0]!["summary"]!.AsArray())
        {
            var name = (string)row!["name"]!;
            double[] values = [.. Seeds(tasks[0]!).Select(seed => (double)Row(seed, name)["metrics"]!["unlearning_accuracy"]!)];
            var interval = row["disparity"]!["figures"]!.AsArray().First(figure => (string?)figure!["symbol"] == "UA")!["model"]!;
            Assert.Equal((2, values.Average()), ((int)interval["count"]!, (double)interval["mean"]!));
            Assert.Equal(Seeds(tasks[0]!).Average(seed => (double)Row(seed, name)["average_gap"]!), (double)row["disparity"]!["mean_of_gaps"]!["mean"]!, 1e-12);
            Assert.True(File.Exists(Path.Combine(run, "tasks", "class", "seed-2", name + ".measurement.json")));
            Assert.True(File.Exists(Path.Combine(run, "tasks", "class", "seed-2", name + ".safetensors")));
        }
        // No oracle, no gap.
        Assert.All(Seeds(tasks[1]!), seed => Assert.Null(Row(seed, "original")["average_gap"]));
        Assert.Equal([true, false], written["expected"]!.AsArray().Select(finding => (bool)finding!["inside"]!));
        Assert.Equal("no oracle to compare with", (string?)tasks[1]!["summary"]![1]!["verdict"]);
        var screen = Run(run).Expect(0);
        Assert.Contains("class, retrain: UA 100.00, expected 100 to 100: inside", screen.Out);
        Assert.Contains("2 seeds; mean ± half of the 95 % interval", screen.Out);
        // What was done is not done again.
        Assert.Equal("", screen.Error);
    }

    [Fact]
    public void AKilledRunGoesOnWhereItStopped()
    {
        var whole = _folder.File("whole");
        Run(whole).Expect(0);
        NewCache();
        var killed = _folder.File("killed");
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        using (var process = Process.Start(new ProcessStartInfo(dotnet, [typeof(Lacuna.Cli.Application).Assembly.Location, "experiment", _file, "--out", killed]) { RedirectStandardError = true, RedirectStandardOutput = true })!)
        {
            var end = DateTime.UtcNow.AddMinutes(2);
            while (!File.Exists(Path.Combine(killed, "tasks", "class", "seed-1", "items", "retrain.json")) && DateTime.UtcNow < end && !process.HasExited) Thread.Sleep(5);
            process.Kill();
            process.WaitForExit();
        }
        Assert.False(File.Exists(Path.Combine(killed, "results.json")), "it was done before it could be killed");
        var oracle = File.GetLastWriteTimeUtc(Path.Combine(killed, "tasks", "class", "seed-1", "retrain.safetensors"));
        var goneOn = Run(killed).Expect(0);
        Assert.DoesNotContain("class 1: train original", goneOn.Error);
        Assert.DoesNotContain("class 1: retrain", goneOn.Error);
        Assert.Equal(oracle, File.GetLastWriteTimeUtc(Path.Combine(killed, "tasks", "class", "seed-1", "retrain.safetensors")));
        AssertSame(whole, killed);
    }

    [Fact]
    public void AnInterruptedRunSaysHowToGoOnAndDamageIsMadeAgain()
    {
        var (whole, other) = (_folder.File("whole"), _folder.File("other"));
        Run(whole).Expect(0);
        using var interrupt = new CancellationTokenSource();
        using StringWriter output = new();
        using var error = new Interrupting("class 2: mu-mis", interrupt);
        Assert.Equal(130, new Lacuna.Cli.Application(output, error, TimeProvider.System).Run(["experiment", _file, "--out", other], interrupt.Token));
        Assert.Contains("the same command goes on from there", error.ToString());
        // Networks of the first run are known; so are they after the interrupt.
        Assert.Contains("class 1: retrain (kept from an earlier run)", error.ToString());
        var item = Path.Combine(other, "tasks", "class", "seed-1", "items", "mu-mis.json");
        File.WriteAllText(item, File.ReadAllText(item)[..40]);
        File.WriteAllText(Path.Combine(other, "tasks", "class", "seed-1", "forget-vector.safetensors"), "damaged");
        var said = Run(other).Expect(0);
        Assert.Contains("mu-mis.json is damaged", said.Error);
        Assert.Contains("forget-vector.safetensors is missing or damaged; it is made again", said.Error);
        AssertSame(whole, other);
    }

    [Fact]
    public void AFolderOfSomethingElseIsRefusedUntouched()
    {
        var run = _folder.File("run");
        Run(run, "--seeds", "1").Expect(0);
        var before = Directory.GetFiles(run, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Run(run).Refuses(1, "holds another experiment (with the seeds 1, not 1, 2)", "--out");
        File.WriteAllText(_file, File.ReadAllText(_file).Replace("max_steps: 3", "max_steps: 4"));
        Run(run, "--seeds", "1").Refuses(1, "other tasks, methods, studies or options");
        Run(_folder.File("tiny")).Refuses(1, "not empty");
        Assert.Equal(before, Directory.GetFiles(run, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void TwoProcessesInOneFolderDoNotMeet()
    {
        var run = _folder.File("run");
        Run(run, "--seeds", "1").Expect(0);
        using var other = new FileStream(Path.Combine(run, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Run(run, "--seeds", "1").Refuses(1, "Another process is at work");
    }

    [Theory]
    [InlineData("forget: class:1", "forget: class:12", "line 6: task 'class':", "12")]
    [InlineData("cnn-s", "vgg16_bn", "line 6: task 'class':", "at least 32x32")]
    [InlineData("max_passes: 3", "max_passes: 0", "MaxPasses is 0")]
    public void WhatDoesNotFitTheDataIsSaidBeforeAnythingIsMade(string right, string wrong, params string[] words)
    {
        File.WriteAllText(_file, File.ReadAllText(_file).Replace(right, wrong));
        Run(_folder.File("run")).Refuses(2, words);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Fact]
    public void AnOracleOfAnotherVerbIsFoundAndDamageInTheCacheIsMadeGood()
    {
        var run = _folder.File("run");
        Run(run, "--seeds", "1").Expect(0);
        string[] retrain = ["unlearn", "retrain", "--data", _folder.File("tiny"), "--checkpoint", Path.Combine(run, "tasks", "class", "seed-1", "original.safetensors"), "--forget", "class:1", "--epochs", "2", "--batch", "20", "--seed", "1"];
        var said = Said.By([.. retrain, "--out", _folder.File("oracle")]).Expect(0);
        Assert.Contains("retrain (kept from an earlier run)", said.Error);
        Assert.DoesNotContain("kept", Said.By([.. retrain[..^1], "2", "--out", _folder.File("another")]).Expect(0).Error);
        foreach (var network in Directory.GetFiles(Environment.GetEnvironmentVariable("LACUNA_CACHE")!, "*.safetensors", SearchOption.AllDirectories)) File.WriteAllBytes(network, [1, 2, 3]);
        Assert.DoesNotContain("kept", Said.By([.. retrain, "--out", _folder.File("third")]).Expect(0).Error);
        Assert.Equal(File.ReadAllBytes(_folder.File("oracle/retrain.safetensors")), File.ReadAllBytes(_folder.File("third/retrain.safetensors")));
    }

    public void Dispose()
    {
        _folder.Dispose();
        OwnCache.Set();
    }

    private Said Run(string folder, params string[] more) => Said.By(["experiment", _file, "--out", folder, .. more]);

    private void NewCache() => Environment.SetEnvironmentVariable("LACUNA_CACHE", _folder.File($"cache{_caches++}"));

    private static IEnumerable<JsonNode> Seeds(JsonNode task) => task["seeds"]!.AsArray().Select(seed => seed!["table"]!);

    private static JsonNode Row(JsonNode table, string name) => table["rows"]!.AsArray().First(row => (string?)row!["name"] == name)!;

    /// <summary>The same files with the same content, but for times, and what holds the hash of a file with times.</summary>
    private static void AssertSame(string one, string other)
    {
        string[] Files(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
        Assert.Equal(Files(one), Files(other));
        foreach (var file in Files(one).Where(f => f is not ("config.json" or "environment.json" or "experiment.yaml" or "tables.md")))
        {
            var (a, b) = (Path.Combine(one, file), Path.Combine(other, file));
            if (!file.EndsWith(".json", StringComparison.Ordinal)) Assert.True(File.ReadAllBytes(a).AsSpan().SequenceEqual(File.ReadAllBytes(b)), file);
            else Assert.Equal(Timeless(JsonNode.Parse(File.ReadAllText(a)))?.ToJsonString(), Timeless(JsonNode.Parse(File.ReadAllText(b)))?.ToJsonString());
        }
    }

    private static JsonNode? Timeless(JsonNode? node)
    {
        if (node is JsonArray list) foreach (var item in list) Timeless(item);
        if (node is not JsonObject map) return node;
        foreach (var key in map.Select(entry => entry.Key).ToArray())
        {
            if (key is "seconds" or "total_seconds" or "measuring_seconds" or "utc" || key.EndsWith(".measurement.json", StringComparison.Ordinal)) map.Remove(key);
            else Timeless(map[key]);
        }
        return node;
    }

    private sealed class Interrupting(string word, CancellationTokenSource interrupt) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value is not null && value.Contains(word, StringComparison.Ordinal)) interrupt.Cancel();
        }
    }
}
