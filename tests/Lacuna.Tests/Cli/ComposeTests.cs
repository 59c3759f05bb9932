using System.Text.Json;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Cli;

/// <summary>The way of a user with forget vectors: two of them, then one composed of both.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ComposeTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Fact]
    public void AComposedVectorIsAnOrdinaryOneThatSaysItsCoefficients()
    {
        var (first, second, folder) = (Vector("class:0"), Vector("class:2"), trained.NewFolder());
        var said = trained.Unlearn("compose", folder, "--vectors", $"{first},{second}", "--forget", "random:50%@class:0,2", "--epochs", "2", "--batch", "30", "--start", "one", "--json").Expect(0);
        var file = Path.Combine(folder, "compose.safetensors");
        var (composed, one, two) = (Values(file), Values(first), Values(second));
        var metadata = CheckpointReader.Read(file).Metadata;
        var w = JsonSerializer.Deserialize<Dictionary<string, float>>(metadata["lacuna.coefficients"])!;
        Assert.Equal(["class:0", "class:2"], w.Keys);
        for (var i = 0; i < composed.Length; i++) Assert.Equal(w["class:0"] * one[i] + w["class:2"] * two[i], composed[i], 1e-5f);
        Assert.Equal(("compose", "forget-vector"), (metadata["lacuna.method"], metadata["lacuna.kind"]));

        var trace = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "compose.trace.json"))).RootElement;
        Assert.Equal(w["class:2"], trace.GetProperty("trace").GetProperty("w class:2")[1].GetSingle());
        Assert.Equal("class:2", trace.GetProperty("options").GetProperty("vectors")[1].GetString());

        var again = trained.Evaluate(trained.Checkpoint, "--forget-vector", file, "--split", folder).Expect(0).Json.GetProperty("rows")[0].GetProperty("metrics");
        Assert.True(JsonElement.DeepEquals(said.Json.GetProperty("rows")[1].GetProperty("metrics"), again));
    }

    [Fact]
    public void WhatCannotBeComposedIsNamedAndNothingIsWritten()
    {
        void Refuses(int code, string vectors, string checkpoint, params string[] words)
        {
            var folder = trained.NewFolder();
            Said.By("unlearn", "compose", "--data", trained.Data, "--checkpoint", checkpoint, "--seed", TrainedOnce.Seed, "--forget", "class:0", "--out", folder, "--quiet", "--vectors", vectors).Refuses(code, words);
            Assert.False(Directory.Exists(folder));
        }
        var vector = Vector("class:0");
        Refuses(2, ",", trained.Checkpoint, "names no file");
        Refuses(1, vector + "x", trained.Checkpoint, "cannot be opened");
        Refuses(1, trained.Checkpoint, trained.Checkpoint, "is not a forget vector");
        var other = trained.NewFolder();
        Said.By("train", "--data", trained.Data, "--out", other, "--epochs", "1", "--seed", "6", "--quiet").Expect(0);
        Refuses(2, vector, Path.Combine(other, "model.safetensors"), vector, "other weights", "Give vectors that were made for this model");
    }

    private string Vector(string words)
    {
        var folder = trained.NewFolder();
        trained.Unlearn("forget-vector", folder, "--forget", words, "--epochs", "2", "--batch", "30", "--quiet").Expect(0);
        return Path.Combine(folder, "forget-vector.safetensors");
    }

    private static float[] Values(string file) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(CheckpointReader.Read(file).Find("delta")!.Bytes.Span).ToArray();
}
