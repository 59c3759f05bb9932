namespace Lacuna.Runs.Experiments;

/// <summary>The figures of a summary by their symbols, which 'lacuna help metrics' explains.</summary>
public static class SummaryMetrics
{
    /// <summary>Of the mean distance to the oracle.</summary>
    public const string Gap = "Gap";

    /// <summary>Those that the summary table shows, in the order of its columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["UA", "RA", "TA", "MIA", Gap];

    /// <summary>All, as expected ranges may name them.</summary>
    public static IReadOnlyList<string> Symbols { get; } = [.. Columns, "TA-all", "TA-forgotten", "KL-forget", "KL-retain", "KL-test", "JS-forget", "JS-retain", "JS-test", "ZRF"];

    /// <summary>Whether a figure is small and has no unit of percent or points: divergences and scores from 0 to 1.</summary>
    public static bool IsFraction(string symbol) => symbol.StartsWith("KL-", StringComparison.Ordinal) || symbol.StartsWith("JS-", StringComparison.Ordinal) || symbol == "ZRF";
}
