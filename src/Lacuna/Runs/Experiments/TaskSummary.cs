using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>Puts the seeds together.</summary>
internal static class TaskSummary
{
    /// <summary>One row a model, in the order of the tables. Seeds with which a method diverged are left out of its figures, and counted.</summary>
    public static IReadOnlyList<SummaryRow> Of(IReadOnlyList<SeedMeasurements> seeds) => [.. seeds[0].Table.Rows.Select(row => Of(row.Name, seeds))];

    private static SummaryRow Of(string name, IReadOnlyList<SeedMeasurements> seeds)
    {
        var measured = seeds.Where(seed => seed.Measured.ContainsKey(name)).ToList();
        var compared = measured.Count > 0 && measured.All(seed => seed.Measured.ContainsKey(ResultTable.Oracle));
        var disparity = measured.Count == 0 ? null : Disparity.Of(
            [.. measured.Select(seed => seed.Measured[name])],
            compared ? [.. measured.Select(seed => seed.Measured[ResultTable.Oracle])] : null);
        double[] seconds = [.. seeds.Select(seed => seed.Table.Rows.First(row => row.Name == name).Seconds).OfType<double>()];
        return new(name, disparity, seconds.Length > 0 ? Interval.Of(seconds) : null, seeds.Count - measured.Count, Verdict.Of(name, disparity, seeds.Count - measured.Count, seeds.Count));
    }
}
