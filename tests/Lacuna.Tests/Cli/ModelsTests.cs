using System.Text.Json;
using Lacuna.Models;

namespace Lacuna.Tests.Cli;

/// <summary>The list of networks.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ModelsTests
{
    [Fact]
    public void ARowIsANetworkInASetting()
    {
        var said = Said.By("models", "--arch", "mobilenet_v2", "--form", "imagenet").Expect(0);
        Assert.Equal("", said.Error);
        // Parameters and cost as in torchvision's documentation.
        Assert.Matches(@"│ mobilenet_v2 +│ imagenet +│ 3x224x224 +│ any size +│ +1000 +│ +3,504,872 +│ +0\.301 +│ compiled +│ MobileNetV2", said.Out);
        Assert.Single(said.Out.Split('\n'), line => line.Contains("mobilenet_v2"));
    }

    [Fact]
    public void TheListIsAlsoJson()
    {
        var rows = Rows("--arch", "vit_tiny");
        Assert.Equal([(4, 10), (16, 1000)], rows.Select(row => (row.GetProperty("patch").GetInt32(), row.GetProperty("classes").GetInt32())));
        Assert.All(rows, row => Assert.Equal(JsonValueKind.Null, row.GetProperty("form").ValueKind));
        // DeiT-tiny's count; a multiply-add counts as one.
        Assert.Equal((5_717_416, 1_253_683_776L / 1_000_000), (rows[1].GetProperty("parameters").GetInt64(), rows[1].GetProperty("multiply_adds").GetInt64() / 1_000_000));
    }

    [Fact]
    public void AnotherSettingCanBeAskedFor()
    {
        var row = Assert.Single(Rows("--arch", "resnet20", "--size", "48x64", "--classes", "7"));
        Assert.Equal((48, 64, 7), (row.GetProperty("height").GetInt32(), row.GetProperty("width").GetInt32(), row.GetProperty("classes").GetInt32()));
        // 269,722 with ten classes of 65 numbers each.
        Assert.Equal(269_722 - 3 * 65, row.GetProperty("parameters").GetInt64());
        Assert.Equal("cifar", Assert.Single(Rows("--arch", "mobilenet_v2", "--size", "32x32")).GetProperty("form").GetString());
        Assert.Equal("imagenet", Assert.Single(Rows("--arch", "mobilenet_v2", "--size", "32x32", "--form", "imagenet")).GetProperty("form").GetString());
    }

    [Fact]
    public void NetworksThatCannotTakeTheSettingAreNamed()
    {
        var said = Said.By("models", "--patch", "5", "--size", "32x32", "--json").Expect(0);
        Assert.Empty(said.Json.EnumerateArray());
        Assert.Equal(3, said.Error.Split('\n').Count(line => line.StartsWith("not listed: ", StringComparison.Ordinal) && line.Contains("patches of 5x5")));
    }

    [Fact]
    public void HelpNamesEveryNetwork()
    {
        foreach (var verb in (string[])["train", "evaluate", "verify"])
        {
            var help = Said.By(verb, "--help").Expect(0).Out;
            Assert.All(ModelZoo.Entries, entry => Assert.Contains(entry.Name, help));
        }
    }

    private static JsonElement[] Rows(params string[] more) => [.. Said.By(["models", "--json", .. more]).Expect(0).Json.EnumerateArray()];
}
