using Lacuna.Evaluation;
using Lacuna.Runs;

namespace Lacuna.Tests.Evaluation;

public sealed class UnlearningMetricsTests
{
    private static readonly UnlearningMetrics retrained = new(100, 76.52, 75.76, 100);

    /// <summary>MU-Mis on CIFAR-100 as published against retraining: the four distances 0, 0.10, 0.12 and 0 make 0.055.</summary>
    [Fact]
    public void TheGapIsTheMeanOfFourDistances()
    {
        UnlearningMetrics published = new(100, 76.42, 75.64, 100);
        Assert.Equal(0.055, published.AverageGapTo(retrained), 1e-12);
        Assert.Equal(published.AverageGapTo(retrained), retrained.AverageGapTo(published), 1e-12);
        Assert.Equal(0, retrained.AverageGapTo(retrained));
        // Distances in either direction do not cancel.
        Assert.Equal(2.5, new UnlearningMetrics(99, 78.52, 72.76, 96).AverageGapTo(retrained), 1e-12);
    }

    [Fact]
    public void AccuracyCountsWhatIsRight()
    {
        Assert.Equal(50, Saying([0, 1, 2, 2], [0, 1, 1, 0]).AccuracyPercent);
        Assert.Equal(100, Saying([3], [3]).AccuracyPercent);
        Assert.Equal(double.NaN, Saying([], []).AccuracyPercent);
    }

    [Fact]
    public void ATableWithoutAnOracleHasNoGaps()
    {
        ResultRow original = new("original", new(10, 90, 80, 20), AverageGap: 3, Seconds: null, Steps: null, StopReason: null);
        ResultRow oracle = original with { Name = ResultTable.Oracle, Metrics = new(100, 92, 81, 99) };
        ResultTable table = new("t", "class:1", 1, 2, [original]);

        Assert.Null(Assert.Single(table.WithGapsTo(null).Rows).AverageGap);
        var rows = (table with { Rows = [original, oracle] }).WithGapsTo(oracle).Rows;
        Assert.Equal([(90 + 2 + 1 + 79) / 4.0, 0], rows.Select(row => row.AverageGap!.Value));
        Assert.Equal(["original", "retrain"], rows.Select(row => row.Name));
    }

    [Fact]
    public void EveryColumnIsDefined()
    {
        Assert.Equal(["UA", "RA", "TA", "MIA", "Gap", "Time"], MetricDefinitions.All.Select(m => m.Symbol).Take(6));
        Assert.Distinct(MetricDefinitions.All.Select(m => m.Symbol.ToLowerInvariant()));
        Assert.All(MetricDefinitions.All, m => Assert.All([m.Name, m.Definition, m.Direction, m.Source], Assert.NotEmpty));
    }

    private static Predictions Saying(int[] labels, int[] predicted) =>
        new() { Labels = labels, Predicted = predicted, LabelConfidence = new double[labels.Length], Entropy = new double[labels.Length], ModifiedEntropy = new double[labels.Length], Logits = default };
}
