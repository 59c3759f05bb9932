using System.Text.Json;
using Lacuna.Evaluation;
using Lacuna.Runs;

namespace Lacuna.Tests.Evaluation.Measurements;

public sealed class PredictionMatrixTests
{
    // Labels 0, 0, 1, 2 are given 0, 2, 1, 1.
    private static readonly Predictions first = Outputs.Of([0, 0, 1, 2], [[3, 1, 0], [0, 1, 3], [0, 2, 1], [0, 2, 1]]);
    private static readonly Predictions second = Outputs.Of([0], [[0, 1, 3]]);

    [Fact]
    public void RowsAreTrueClassesAndColumnsPredictedOnes()
    {
        var matrix = PredictionMatrix.Of(4, first, second);
        Assert.Equal([[1, 0, 2, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], matrix.Counts);
        Assert.Equal((4, 5, 40.0), (matrix.Classes, matrix.Images, matrix.AccuracyPercent));
        Assert.Equal([100 / 3.0, 100, 0, null], Enumerable.Range(0, 4).Select(matrix.AccuracyPercentOf));
        Assert.Null(PredictionMatrix.Of(3).AccuracyPercent);
    }

    [Fact]
    public void JsonHasALineARowAndComesBack()
    {
        var matrix = PredictionMatrix.Of(3, first);
        var text = JsonSerializer.Serialize(new { matrix }, RunJson.Options);
        Assert.Equal(["[1, 0, 1]", "[0, 1, 0]", "[0, 1, 0]"], text.Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.Contains("0,")));
        Assert.Equal(matrix.Counts, JsonSerializer.Deserialize<PredictionMatrix>(JsonSerializer.Serialize(matrix, RunJson.Compact), RunJson.Options)!.Counts);
    }

    [Theory]
    [InlineData("[[1,2],[3]]")]
    [InlineData("[[1,2]]")]
    [InlineData("[[1,-2],[0,0]]")]
    [InlineData("[1]")]
    public void DamagedJsonIsRefusedAsJson(string text) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<PredictionMatrix>(text, RunJson.Options));
}
