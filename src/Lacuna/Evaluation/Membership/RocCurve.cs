namespace Lacuna.Evaluation.Membership;

/// <summary>
/// Receiver operating characteristic of a score that should be higher for positives (forget images) than for negatives
/// (unseen images of the same kind). Equal scores are one step of the curve, so no order among them can help.
/// </summary>
/// <param name="FalsePositiveRates">Share of negatives at or above each threshold, ascending from 0 to 1.</param>
/// <param name="TruePositiveRates">Share of positives there.</param>
/// <param name="Auc">Area under the curve: Mann and Whitney's statistic, ties counting half.</param>
/// <param name="StandardError">Of the AUC by DeLong, DeLong and Clarke-Pearson 1988; NaN for fewer than two of either kind.</param>
/// <param name="ChanceError">
/// Standard deviation of the AUC about one half when positives and negatives are of one distribution: Hanley and McNeil 1982
/// at one half, which is Mann and Whitney's, with the usual correction for ties.
/// </param>
/// <param name="TprAtOnePercentFpr">Largest true positive rate of a threshold whose false positive rate is at most 0.01; not interpolated.</param>
public sealed record RocCurve(
    IReadOnlyList<double> FalsePositiveRates, IReadOnlyList<double> TruePositiveRates, double Auc, double StandardError, double ChanceError, double TprAtOnePercentFpr)
{
    /// <summary>The curve of two sets of scores. Points between two equal steps are left out, as scikit-learn's <c>roc_curve</c> does.</summary>
    /// <exception cref="ArgumentException">A set is empty, or a score is no number.</exception>
    public static RocCurve Of(IReadOnlyList<double> positives, IReadOnlyList<double> negatives)
    {
        if (positives.Count == 0 || negatives.Count == 0) throw new ArgumentException("A ROC curve needs at least one positive and one negative.");
        double[] scores = [.. positives, .. negatives];
        if (Array.FindIndex(scores, double.IsNaN) is var wrong and >= 0)
            throw new ArgumentException($"Score {wrong} of {scores.Length} is no number. Check the logits it comes from.");
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(scores, order);

        double m = positives.Count, n = negatives.Count, area = 0, squaresAbove = 0, squaresBelow = 0, ties = 0, tprAtOnePercent = 0;
        List<double> fps = [], tps = [];
        double fp = 0, tp = 0;
        for (var end = order.Length - 1; end >= 0;)
        {
            double up = 0, right = 0;
            var score = scores[end];
            for (; end >= 0 && scores[end] == score; end--)
            {
                if (order[end] < positives.Count) up++;
                else right++;
            }
            area += right * (tp + up / 2);
            squaresBelow += up * Square((n - fp - right / 2) / n);
            squaresAbove += right * Square((tp + up / 2) / m);
            var size = up + right;
            ties += size * (size * size - 1);
            (tp, fp) = (tp + up, fp + right);
            if (fp / n <= 0.01) tprAtOnePercent = tp / m;
            fps.Add(fp);
            tps.Add(tp);
        }
        var corners = Corners(fps, tps);
        var auc = area / (m * n);
        var variance = (squaresBelow - m * auc * auc) / (m * (m - 1)) + (squaresAbove - n * auc * auc) / (n * (n - 1));
        var all = m + n;
        var chance = (all + 1 - ties / (all * (all - 1))) / (12 * m * n);
        return new(Rates(fps, corners, n), Rates(tps, corners, m), auc, Math.Min(m, n) < 2 ? double.NaN : Math.Sqrt(Math.Max(0, variance)),
            Math.Sqrt(Math.Max(0, chance)), tprAtOnePercent);
    }

    /// <summary>
    /// A curve of fewer points, for drawing on linear and on logarithmic axes: a point is kept where either rate, or the false positive rate's
    /// logarithm, went on by the given share of its axis (of two decades for the logarithm) since the last. First and last points stay; areas and rates are those of the whole curve.
    /// </summary>
    public RocCurve Thinned(double share = 0.005)
    {
        List<double> x = [0], y = [0];
        var last = FalsePositiveRates.Count - 1;
        for (var i = 1; i < last; i++)
        {
            // The corner before a gap is kept too, or the line would cut it.
            if (Far(i) || Far(i + 1)) Keep(i);
        }
        if (last > 0) Keep(last);
        return this with { FalsePositiveRates = x, TruePositiveRates = y };

        bool Far(int i) => FalsePositiveRates[i] - x[^1] >= share || TruePositiveRates[i] - y[^1] >= share
            || (FalsePositiveRates[i] > x[^1] && (x[^1] == 0 || Math.Log10(FalsePositiveRates[i] / x[^1]) >= 2 * share));

        void Keep(int i)
        {
            x.Add(FalsePositiveRates[i]);
            y.Add(TruePositiveRates[i]);
        }
    }

    /// <summary>Counts over the total, from the origin, without the points that lie between two equal steps.</summary>
    private static double[] Rates(List<double> counts, List<bool> corner, double total) =>
        [0, .. counts.Where((_, i) => corner[i]).Select(count => count / total)];

    private static List<bool> Corners(List<double> fps, List<double> tps) =>
        [.. Enumerable.Range(0, fps.Count).Select(i => i == 0 || i == fps.Count - 1
            || fps[i + 1] - fps[i] != fps[i] - fps[i - 1] || tps[i + 1] - tps[i] != tps[i] - tps[i - 1])];

    private static double Square(double value) => value * value;
}
