using System.Globalization;
using Lacuna.Runs;

namespace Lacuna.Reports;

/// <summary>The cells of a result table as text, the same for every form of output.</summary>
public static class TableCells
{
    /// <summary>Column heads; percentages unless they say otherwise.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["Model", "UA %", "RA %", "TA %", "MIA %", "Gap", "Time s", "Steps", "Ended because"];

    /// <summary>Index of the first column that holds words and not numbers, after the numbers.</summary>
    public static int FirstWordsColumn => Heads.Count - 1;

    /// <summary>One row's cells; a figure that was not measured is a dash.</summary>
    public static IReadOnlyList<string> Of(ResultRow row) =>
    [
        row.Name,
        Number(row.Metrics.UnlearningAccuracy, "0.00"),
        Number(row.Metrics.RetainAccuracy, "0.00"),
        Number(row.Metrics.TestAccuracy, "0.00"),
        Number(row.Metrics.MembershipEfficacy, "0.00"),
        Number(row.AverageGap, "0.00"),
        Number(row.Seconds, "0.0"),
        Number(row.Steps, "0"),
        row.StopReason ?? "–",
    ];

    private static string Number(double? value, string format) =>
        value is { } number && !double.IsNaN(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "–";
}
