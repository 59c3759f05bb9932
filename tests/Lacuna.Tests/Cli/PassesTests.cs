using System.Text.Json;
using Lacuna.Models;

namespace Lacuna.Tests.Cli;

/// <summary>--passes: the choice is said, kept in the record, and can be forced.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PassesTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    private const string Compiled = "compiled network (2 convolutions, 2 batch norms folded)";
    private const string General = "general (asked for)";

    [Theory]
    [InlineData("auto", Compiled)]
    [InlineData("compiled", Compiled)]
    [InlineData("general", General)]
    public void ARunSaysAndKeepsItsPasses(string choice, string plan)
    {
        var folder = trained.NewFolder();
        var said = trained.Unlearn("forget-vector", folder, "--forget", "class:1", "--epochs", "1", "--passes", choice).Expect(0);
        Assert.Contains($"Passes: {plan}{Environment.NewLine}", said.Out);
        Assert.Equal(plan, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "environment.json"))).RootElement.GetProperty("passes").GetString());
    }

    [Theory]
    [InlineData("compiled", Compiled)]
    [InlineData("general", General)]
    public void AProfileShowsThem(string choice, string plan)
    {
        string[] command = ["profile", "mu-mis", "--data", trained.Data, "--checkpoint", trained.Checkpoint, "--forget", "class:1", "--max-steps", "1", "--quiet", "--passes", choice];
        Assert.Contains($"Passes: {plan}{Environment.NewLine}", Said.By(command).Expect(0).Out);
        var report = Said.By([.. command, "--json"]).Expect(0).Json;
        Assert.Equal(plan, report.GetProperty("environment").GetProperty("passes").GetString());
        var passes = report.GetProperty("shares").EnumerateArray().Select(share => share.GetProperty("name").GetString()).ToArray();
        Assert.Equal(choice == "general", passes.Contains("double backward"));
        // Kernels stay at work around the general passes.
        Assert.Contains("FusedSgd", passes);
    }

    [Fact]
    public void EvaluationSaysThemAndFindsTheSame()
    {
        Said Evaluate(string choice, params string[] more) =>
            Said.By(["evaluate", "--data", trained.Data, "--checkpoint", trained.Checkpoint, "--forget", "class:1", "--passes", choice, .. more]).Expect(0);
        Assert.Contains($"Passes: {Compiled}", Evaluate("compiled").Out);
        Assert.Contains($"Passes: {General}", Evaluate("general").Out);
        Assert.Equal(Evaluate("general", "--json").Out, Evaluate("compiled", "--json").Out);
    }

    [Fact]
    public void WhatCannotBeCompiledIsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var (file, results) = (folder.File("vit.safetensors"), folder.File("results"));
        using (var model = ModelZoo.Create("vit_tiny", new(10, 1, TinySet.Side, TinySet.Side, Normalisation.Default(1)), seed: 1)) ModelFile.Save(model, file);
        Said.By("unlearn", "mu-mis", "--data", trained.Data, "--checkpoint", file, "--forget", "class:1", "--out", results, "--passes", "compiled")
            .Refuses(2, "vit_tiny cannot go through compiled passes", "(TransformerEncoder)", "--passes general");
        Assert.False(Directory.Exists(results));
        Said.By("evaluate", "--data", trained.Data, "--checkpoint", file, "--forget", "class:1", "--passes", "nonsense").Refuses(2, "passes");
    }
}
