namespace Lacuna.Runs;

/// <summary>Models measured on one split. Printed, written as JSON and as markdown from this one record.</summary>
/// <param name="Title">What is forgotten, in words.</param>
/// <param name="Forget">The words of the forget set.</param>
/// <param name="ForgetCount">Forget images.</param>
/// <param name="RetainCount">Retain images.</param>
/// <param name="Rows">In the order of printing: the original first, then the oracle.</param>
public sealed record ResultTable(string Title, string Forget, int ForgetCount, int RetainCount, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>Name of the oracle's row.</summary>
    public const string Oracle = "retrain";

    /// <summary>The same table with every row's gap to the oracle, or without gaps where there is none.</summary>
    /// <param name="oracle">One of the rows; its name alone proves nothing, for anyone can call a file so.</param>
    public ResultTable WithGapsTo(ResultRow? oracle) =>
        this with { Rows = [.. Rows.Select(row => row with { AverageGap = oracle is null ? null : row.Metrics.AverageGapTo(oracle.Metrics) })] };
}
