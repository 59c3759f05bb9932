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
    /// <summary>A figure over the seeds by its symbol; null where it was not measured.</summary>
    public Interval? Of(string symbol) => symbol == SummaryMetrics.Gap ? Disparity?.MeanOfGaps : Disparity?.Figures.FirstOrDefault(figure => figure.Symbol == symbol)?.Model;
}
