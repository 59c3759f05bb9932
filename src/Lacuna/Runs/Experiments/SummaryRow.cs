using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>A model over seeds.</summary>
/// <param name="Name">Original, retrain, or the method.</param>
/// <param name="Disparity">Its figures over the seeds and how far they lie from the oracle's; null where nothing could be measured.</param>
/// <param name="Seconds">Of the method itself; null for the original.</param>
/// <param name="Missing">Seeds of which nothing could be measured, because the method diverged.</param>
/// <param name="Verdict">What the differences say, in words.</param>
public sealed record SummaryRow(string Name, Disparity? Disparity, Interval? Seconds, int Missing, string Verdict)
{
    /// <summary>Every figure over the seeds by its symbol, the gap among them where there is an oracle; what was not measured is left out.</summary>
    public IReadOnlyDictionary<string, Interval> Metrics { get; } = MetricsOf(Disparity);

    private static Dictionary<string, Interval> MetricsOf(Disparity? disparity)
    {
        var metrics = (disparity?.Figures ?? []).ToDictionary(figure => figure.Symbol, figure => figure.Model);
        if (disparity?.MeanOfGaps is { } gaps) metrics[SummaryMetrics.Gap] = gaps;
        return metrics;
    }
}
