using System.Diagnostics;
using System.Text.Json;
using Lacuna.Models.TorchScript;
using Lacuna.Tests.Models.TorchScript;
using TorchSharp;

namespace Lacuna.Tests.Cli;

/// <summary>TorchScript files on the command line: from file to file, and what is refused.</summary>
[Collection(TensorLibrary.Name)]
public sealed class TorchScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TorchScriptTests() => _data = TinySet.Write(_folder, "tiny");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mu-mis", "--max-steps", "3", "--lr", "1e-3")]
    [InlineData("instance-wise", "--max-passes", "2", "--lr", "0.01")]
    [InlineData("negative-gradient", "--max-passes", "2", "--lr", "0.01")]
    [InlineData("fine-tune", "--epochs", "1")]
    public void AChangedModuleIsATorchScriptFileAgain(string method, params string[] more)
    {
        var run = _folder.File("run");
        var said = Unlearn(method, "ten.pt", run, ["--mean", "0.25", "--std", "0.5", .. more]).Expect(0);
        var result = Path.Combine(run, method + ".pt");
        Assert.Contains("Saved " + result, said.Out);
        Assert.DoesNotContain("warning", said.Error);
        Assert.Empty(Directory.GetFiles(run, "*.safetensors"));
        Assert.Empty(Directory.GetFiles(run, "*.tmp"));
        Assert.Equal((method, "0.25", "torchscript"), (Of(result, "method"), Of(result, "mean"), Of(result, "architecture")));

        // The file brings its normalisation; measured again, it has the figures of the run.
        var measured = Evaluate(result, "--torchscript", "--split", run, "--json").Expect(0);
        Assert.Equal("", measured.Error);
        var rows = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "metrics.json"))).RootElement.GetProperty("rows");
        Assert.Equal(rows[1].GetProperty("metrics").GetRawText().Where(c => !char.IsWhiteSpace(c)), measured.Json.GetProperty("rows")[0].GetProperty("metrics").GetRawText().Where(c => !char.IsWhiteSpace(c)));
    }

    [Theory]
    [InlineData("ten.pt")]
    [InlineData("ten-frozen.pt")]
    public void AForgetVectorIsMadeAndMeasured(string file)
    {
        var run = _folder.File("run");
        var said = Unlearn("forget-vector", file, run, "--epochs", "1").Expect(0);
        var vector = Path.Combine(run, "forget-vector.safetensors");
        Assert.Contains("Saved " + vector, said.Out);
        Assert.Contains("--mean and --std", said.Error);
        Evaluate(_folder.File(file), "--torchscript", "--split", run, "--forget-vector", vector).Expect(0);
    }

    [Fact]
    public void AnOracleMayBeTorchScriptToo()
    {
        var path = ScriptFiles.Write(_folder, "ten.pt");
        var rows = Evaluate(path, "--torchscript", "--forget", "class:1", "--oracle", path, "--json").Expect(0).Json.GetProperty("rows");
        Assert.Equal(0, rows[1].GetProperty("average_gap").GetDouble());
    }

    [Fact]
    public void WhatCannotBeDoneIsSaidAndLeavesNoFolder()
    {
        var run = _folder.File("run");
        var path = ScriptFiles.Write(_folder, "ten.pt");
        Evaluate(path, "--forget", "class:1").Refuses(1, path, "runs the program inside", "--torchscript");
        Evaluate(path, "--forget", "class:1", "--torchscript", "--arch", "resnet20").Refuses(1, "--arch");
        Evaluate(path, "--forget", "class:1", "--torchscript", "--mean", "0.5").Refuses(2, "belong together");
        Evaluate(path, "--forget", "class:1", "--torchscript", "--mean", "0.5,0.5", "--std", "1,1").Refuses(2, "1 channel(s)");
        Evaluate(ScriptFiles.Write(_folder, "scripted.pt"), "--forget", "class:1", "--torchscript").Expect(2);
        Evaluate(ScriptFiles.Write(_folder, "tuple.pt"), "--forget", "class:1", "--torchscript").Refuses(1, "tuple.pt", "logits alone");
        Unlearn("retrain", "ten.pt", run).Expect(2);
        Unlearn("mu-mis", "ten-frozen.pt", run).Expect(2);
        Assert.False(Path.Exists(run));
        Said.By("evaluate", "--checkpoint", path, "--torchscript", "--forget", "class:1").Refuses(1, "does not run on [3, 1, 28, 28]", "--data");
    }

    [Fact]
    public void PythonOpensTheResultWithTheChangedWeights()
    {
        const string program = """
            import json, sys, torch
            extra = {"lacuna.json": ""}
            module = torch.jit.load(sys.argv[1], _extra_files=extra)
            print(json.loads(extra["lacuna.json"])["lacuna.method"], module.training, float(module.fc.weight.sum()))
            """;
        using var probe = Python("import torch");
        Assert.SkipUnless(probe is { ExitCode: 0 }, "/usr/bin/python3 with torch is not here.");
        var run = _folder.File("run");
        Unlearn("mu-mis", "ten.pt", run, "--max-steps", "3", "--lr", "1e-3").Expect(0);
        var result = Path.Combine(run, "mu-mis.pt");
        using var python = Python(program, result)!;
        var words = python.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        using var model = Lacuna.Models.ModelFile.Load(result, null, Methods.Tiny.Grey(10), _ => { }, new(null));
        Assert.Equal(["mu-mis", "False"], words[..2]);
        Assert.Equal(model.state_dict()["fc.weight"].sum().ToDouble(), double.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture), 1e-5);
    }

    private static Process? Python(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/python3")) return null;
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit(60_000);
        return process;
    }

    private static string Of(string path, string key) => ScriptFile.ReadMetadata(path)["lacuna." + key];

    private Said Unlearn(string method, string file, string run, params string[] more) =>
        Said.By(["unlearn", method, "--data", _data, "--checkpoint", ScriptFiles.Write(_folder, file), "--torchscript", "--forget", "class:1", "--seed", "5", "--quiet", "--out", run, .. more]);

    private Said Evaluate(string path, params string[] more) => Said.By(["evaluate", "--data", _data, "--checkpoint", path, .. more]);
}
