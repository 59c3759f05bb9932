using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>A model over seeds.</summary>
/// <param name="Name">Original, retrain, or the method.</param>
/// <param name="Metrics">Each figure over the seeds, by its symbol.</param>
/// <param name="Differences">Model minus oracle of the same seed, by symbol; empty where there is no oracle.</param>
/// <param name="Seconds">Of the method itself; null for the original.</param>
/// <param name="Missing">Seeds of which nothing could be measured, because the method diverged.</param>
/// <param name="Verdict">What the differences say, in words.</param>
public sealed record SummaryRow(string Name, IReadOnlyDictionary<string, Interval> Metrics, IReadOnlyDictionary<string, Interval> Differences, Interval? Seconds, int Missing, string Verdict);
