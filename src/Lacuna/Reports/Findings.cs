using System.Globalization;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;
using Lacuna.Studies;

namespace Lacuna.Reports;

/// <summary>A summary in sentences; the verdicts themselves are <see cref="Verdict"/>'s.</summary>
internal static class Findings
{
    /// <summary>What to read from a table.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<SummaryRow> rows)
    {
        SummaryRow[] methods = [.. rows.Where(row => row.Name is not (Subject.Original or ResultTable.Oracle))];
        SummaryRow[] compared = [.. methods.Where(row => row.Metrics.ContainsKey(SummaryMetrics.Gap)).OrderBy(row => row.Metrics[SummaryMetrics.Gap].Mean)];
        if (compared.Length == 0)
            return ["No retrained model of this split was measured, so there is no gap and no verdict: whether a method forgets as retraining would cannot be said from these figures."];
        return
        [
            .. methods.Select(row => $"{row.Name}: {row.Verdict}."),
            .. compared.Length > 1 ? [$"Nearest to the retrained model first: {string.Join(", ", compared.Select(row => $"{row.Name} (gap {SummaryCells.Text(row.Metrics[SummaryMetrics.Gap], "0.00")})"))}."] : (string[])[],
            string.Create(CultureInfo.InvariantCulture, $"Verdicts count differences from the retrained model beyond {Verdict.Tolerance:0} points, to either side: more forgotten than by retraining is no success, for it shows."),
        ];
    }
}
