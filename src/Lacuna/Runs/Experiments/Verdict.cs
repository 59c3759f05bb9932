using System.Globalization;
using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>
/// Says in words how a model compares with retraining. A difference counts when its mean over seeds is beyond <see cref="Tolerance"/> points and, with several seeds, its 95 % interval leaves zero out.
/// Two-sided: an image that is forgotten more than retraining forgets it gives away that something was forgotten.
/// </summary>
public static class Verdict
{
    /// <summary>Points within which two models are taken for alike; about what two seeds of a retrained model differ by.</summary>
    public const double Tolerance = 2;

    /// <summary>The verdict of one row.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="disparity">Its figures and differences over seeds; null where nothing was measured.</param>
    /// <param name="missing">Seeds that could not be measured.</param>
    /// <param name="seeds">All seeds.</param>
    public static string Of(string name, Disparity? disparity, int missing, int seeds)
    {
        if (name == ResultTable.Oracle) return "the yardstick";
        if (missing > 0) return $"diverged with {missing} of {seeds} seed(s)";
        var differences = (disparity?.Figures ?? []).Where(figure => figure.Difference is not null && figure.Symbol is ("UA" or "MIA" or "RA" or "TA")).ToDictionary(figure => figure.Symbol, figure => figure.Difference!);
        if (differences.Count == 0) return "no oracle to compare with";
        var parts = new List<string>();
        Add("forgets too little", "UA", "MIA", -1);
        Add("forgets more than retraining, which shows", "UA", "MIA", 1);
        Add("costs accuracy", "RA", "TA", -1);
        if (parts.Count > 0) return string.Join("; ", parts);
        var unsure = differences.Where(d => Math.Abs(d.Value.Mean) > Tolerance && !Counts(d.Value) && (d.Key is "UA" or "MIA" || d.Value.Mean < 0)).Select(Text).ToList();
        return unsure.Count > 0 ? $"not decided by {seeds} seeds ({string.Join(", ", unsure)})" : string.Create(CultureInfo.InvariantCulture, $"as retraining, within {Tolerance:0} points");

        void Add(string words, string first, string second, int sign)
        {
            var which = differences.Where(d => (d.Key == first || d.Key == second) && Math.Sign(d.Value.Mean) == sign && Counts(d.Value)).Select(Text).ToList();
            if (which.Count > 0) parts.Add($"{words} ({string.Join(", ", which)})");
        }
    }

    private static bool Counts(Interval difference) => Math.Abs(difference.Mean) > Tolerance && (difference.Low is null or > 0 || difference.High < 0);

    private static string Text(KeyValuePair<string, Interval> difference) => string.Create(CultureInfo.InvariantCulture, $"{difference.Key} {difference.Value.Mean:+0.0;-0.0}");
}
