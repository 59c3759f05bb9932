using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>Puts the tables of the seeds together.</summary>
public static class TaskSummary
{
    /// <summary>One row a model, in the order of the tables.</summary>
    public static IReadOnlyList<SummaryRow> Of(IReadOnlyList<SeedResult> seeds) => [.. seeds[0].Table.Rows.Select(row => Of(row.Name, seeds))];

    private static SummaryRow Of(string name, IReadOnlyList<SeedResult> seeds)
    {
        var rows = seeds.Select(seed => (Own: Row(seed, name)!, Oracle: Row(seed, ResultTable.Oracle))).ToList();
        Dictionary<string, Interval> metrics = [], differences = [];
        foreach (var symbol in SummaryMetrics.Symbols)
        {
            double[] values = [.. rows.Select(row => SummaryMetrics.Of(row.Own, symbol)).OfType<double>()];
            if (values.Length > 0) metrics[symbol] = Interval.Of(values);
            double[] apart = [.. rows.Select(row => row.Oracle is null ? null : SummaryMetrics.Of(row.Own, symbol) - SummaryMetrics.Of(row.Oracle, symbol)).OfType<double>()];
            if (apart.Length > 0 && symbol != SummaryMetrics.Gap) differences[symbol] = Interval.Of(apart);
        }
        double[] seconds = [.. rows.Select(row => row.Own.Seconds).OfType<double>()];
        var missing = rows.Count(row => SummaryMetrics.Of(row.Own, "UA") is null);
        return new(name, metrics, differences, seconds.Length > 0 ? Interval.Of(seconds) : null, missing, Verdict.Of(name, differences, missing, seeds.Count));
    }

    private static ResultRow? Row(SeedResult seed, string name) => seed.Table.Rows.FirstOrDefault(row => row.Name == name);
}
