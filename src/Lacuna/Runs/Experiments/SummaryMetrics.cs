namespace Lacuna.Runs.Experiments;

/// <summary>The figures of a table's row by their symbols.</summary>
public static class SummaryMetrics
{
    /// <summary>Of the mean distance to the oracle.</summary>
    public const string Gap = "Gap";

    private static readonly (string Symbol, Func<ResultRow, double?> Of)[] All =
    [
        ("UA", row => row.Metrics.UnlearningAccuracy), ("RA", row => row.Metrics.RetainAccuracy), ("TA", row => row.Metrics.TestAccuracy), ("MIA", row => row.Metrics.MembershipEfficacy),
        (Gap, row => row.AverageGap),
    ];

    /// <summary>In the order of the table's columns.</summary>
    public static IReadOnlyList<string> Symbols { get; } = [.. All.Select(metric => metric.Symbol)];

    /// <summary>A row's figure; null where it was not measured.</summary>
    public static double? Of(ResultRow row, string symbol) => All.First(metric => metric.Symbol == symbol).Of(row) is { } value && double.IsFinite(value) ? value : null;
}
