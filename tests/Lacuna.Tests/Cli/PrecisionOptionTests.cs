using System.Text.Json;

namespace Lacuna.Tests.Cli;

/// <summary>--precision where networks are trained: what is recorded, and what is refused before anything is written.</summary>
[Collection(TensorLibrary.Name)]
public sealed class PrecisionOptionTests(TrainedOnce trained) : IClassFixture<TrainedOnce>
{
    [Fact]
    public void TheRecordsNameIt()
    {
        Assert.Equal("float32", Recorded(trained.Folder, "training"));
        var folder = trained.NewFolder();
        Said.By("train", "--data", trained.Data, "--out", folder, "--epochs", "1", "--precision", "bf16", "--quiet").Expect(0);
        Assert.Equal("bf16", Recorded(folder, "training"));
        var tuned = trained.NewFolder();
        trained.Unlearn("fine-tune", tuned, "--forget", "class:1", "--epochs", "1", "--precision", "bf16", "--quiet").Expect(0);
        Assert.Equal("bf16", Recorded(tuned, "options"));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("retrain")]
    [InlineData("fine-tune")]
    [InlineData("experiment")]
    public void Tf32OnTheCpuIsRefusedBeforeAnythingIsWritten(string what)
    {
        var folder = trained.NewFolder();
        Said said;
        if (what == "train") said = Said.By("train", "--data", trained.Data, "--out", folder, "--precision", "tf32");
        else if (what != "experiment") said = trained.Unlearn(what, folder, "--forget", "class:1", "--precision", "tf32");
        else
        {
            var file = trained.NewFolder() + ".yaml";
            File.WriteAllText(file, $$"""
                name: tiny
                data: {{trained.Data}}
                seeds: [1]
                model: { architecture: cnn-s }
                tasks:
                  - name: class
                    forget: class:1
                    methods: [{ fine-tune: { precision: tf32 } }]
                """);
            said = Said.By("experiment", file, "--out", folder);
        }
        said.Refuses(2, "Precision tf32", "--device cuda");
        Assert.False(Directory.Exists(folder));
    }

    private static string? Recorded(string folder, string section) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json"))).RootElement.GetProperty(section).GetProperty("precision").GetString();
}
