namespace Lacuna.Runs.Experiments;

/// <summary>Whether a figure came out where it was expected.</summary>
/// <param name="Range">What was expected.</param>
/// <param name="Value">The mean over seeds; null where nothing was measured.</param>
/// <param name="Inside">Whether it lies inside.</param>
public sealed record ExpectedFinding(ExpectedRange Range, double? Value, bool Inside)
{
    /// <summary>Compares every range.</summary>
    public static IReadOnlyList<ExpectedFinding> Of(IReadOnlyList<ExpectedRange> ranges, IReadOnlyList<TaskResult> tasks) => [.. ranges.Select(range =>
    {
        var row = tasks.First(task => task.Name == range.Task).Summary.FirstOrDefault(row => row.Name == range.Subject);
        var value = row?.Metrics.GetValueOrDefault(range.Metric)?.Mean;
        return new ExpectedFinding(range, value, value >= range.Low && value <= range.High);
    })];
}
