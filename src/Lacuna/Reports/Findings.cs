using System.Globalization;
using Lacuna.Evaluation;
using Lacuna.Runs;
using Lacuna.Studies;

namespace Lacuna.Reports;

/// <summary>A result table in sentences. A figure is judged by its distance to the oracle's, to either side: more than the oracle is no success either.</summary>
internal static class Findings
{
    // Seeds of the bundled runs differ by about so many points; one seed cannot tell less apart.
    private const double Close = 1;
    private const double Far = 5;

    /// <summary>What to read from a table.</summary>
    public static IReadOnlyList<string> Of(ResultTable table)
    {
        var oracle = table.Rows.FirstOrDefault(row => row.Name == ResultTable.Oracle && row.AverageGap == 0);
        var methods = table.Rows.Where(row => row.Name is not (Subject.Original or ResultTable.Oracle)).ToArray();
        if (oracle is not null) return [.. methods.Select(row => AgainstOracle(row, oracle.Metrics)), "One run with one seed: differences below about a point may be chance."];
        var original = table.Rows.FirstOrDefault(row => row.Name == Subject.Original);
        return
        [
            "No retrained model of this split was measured, so there is no gap and no verdict: whether a method forgets as retraining would cannot be said from these figures.",
            .. original is null ? [] : methods.Select(row => AgainstOriginal(row, original.Metrics)),
        ];
    }

    /// <summary>In a word or two, for a table.</summary>
    public static string Verdict(double? gap) => gap switch
    {
        null => "–",
        double value when double.IsNaN(value) => "not measured",
        <= Close => "as retraining",
        <= Far => "near retraining",
        _ => "unlike retraining",
    };

    private static string AgainstOracle(ResultRow row, UnlearningMetrics oracle)
    {
        if (row.AverageGap is not { } gap || double.IsNaN(gap)) return $"{row.Name} was not measured: {row.StopReason ?? "it has no model"}.";
        var distances = new (string Symbol, double Distance)[]
        {
            ("UA", row.Metrics.UnlearningAccuracy - oracle.UnlearningAccuracy), ("RA", row.Metrics.RetainAccuracy - oracle.RetainAccuracy),
            ("TA", row.Metrics.TestAccuracy - oracle.TestAccuracy), ("MIA", row.Metrics.MembershipEfficacy - oracle.MembershipEfficacy),
        };
        var (symbol, distance) = distances.MaxBy(d => Math.Abs(d.Distance));
        var start = string.Create(CultureInfo.InvariantCulture, $"{row.Name} ends {Verdict(gap)}: {gap:0.00} points away on average");
        if (Math.Abs(distance) <= Close) return start + ", and in no figure more than a point.";
        return string.Create(CultureInfo.InvariantCulture, $"{start}, most in {symbol}, {Math.Abs(distance):0.0} points {(distance > 0 ? "above" : "below")} it: {Meaning(symbol, distance > 0)}.");
    }

    private static string Meaning(string symbol, bool above) => (symbol, above) switch
    {
        ("UA", true) => "more of the forget images are mistaken than by a network that never saw them, which is over-unlearning",
        ("UA", false) => "part of what should be forgotten is still known",
        ("RA", true) or ("TA", true) => "it keeps more than retraining does",
        ("RA", false) => "images that should stay were lost",
        ("TA", false) => "it recognises new images less well",
        ("MIA", true) => "the attack takes more forget images for unseen than with retraining; what was forgotten may be told by that",
        _ => "the attack still takes forget images for seen ones",
    };

    private static string AgainstOriginal(ResultRow row, UnlearningMetrics original) => double.IsNaN(row.Metrics.RetainAccuracy)
        ? $"{row.Name} was not measured: {row.StopReason ?? "it has no model"}."
        : string.Create(CultureInfo.InvariantCulture, $"{row.Name} brings UA from {original.UnlearningAccuracy:0.0} to {row.Metrics.UnlearningAccuracy:0.0} %; RA goes from {original.RetainAccuracy:0.0} to {row.Metrics.RetainAccuracy:0.0} %, TA from {original.TestAccuracy:0.0} to {row.Metrics.TestAccuracy:0.0} %.");
}
