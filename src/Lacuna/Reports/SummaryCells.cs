using System.Globalization;
using Lacuna.Evaluation;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>The cells of a summary over seeds as text, the same for every form of output.</summary>
public static class SummaryCells
{
    /// <summary>Column heads: percentages and points, each with its 95 % interval where there are several seeds.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap", "Time s", "Verdict"];

    /// <summary>One row's cells; what was not measured is a dash.</summary>
    public static IReadOnlyList<string> Of(SummaryRow row) =>
        [row.Name, .. SummaryMetrics.Columns.Select(symbol => Text(row.Metrics.GetValueOrDefault(symbol), "0.00")), Text(row.Seconds, "0.0"), row.Verdict];

    /// <summary>Mean ± half of the interval.</summary>
    public static string Text(Interval? value, string format) => value switch
    {
        null => "–",
        { High: { } high } => $"{value.Mean.ToString(format, CultureInfo.InvariantCulture)} ± {(high - value.Mean).ToString(format, CultureInfo.InvariantCulture)}",
        _ => value.Mean.ToString(format, CultureInfo.InvariantCulture),
    };

    /// <summary>A task's title with what the intervals are.</summary>
    public static string Title(TaskResult task) => task.Seeds.Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{task.Title} (seed {task.Seeds[0].Seed})")
        : string.Create(CultureInfo.InvariantCulture, $"{task.Title} ({task.Seeds.Count} seeds; mean ± half of the 95 % interval)");

    /// <summary>A line of what was expected.</summary>
    public static string Of(ExpectedFinding finding) => string.Create(CultureInfo.InvariantCulture,
        $"{finding.Range.Task}, {finding.Range.Subject}: {finding.Range.Metric} {(finding.Value is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "not measured")}, expected {finding.Range.Low} to {finding.Range.High}: {(finding.Inside ? "inside" : "outside")}");
}
