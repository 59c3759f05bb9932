using System.Globalization;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Studies.ULira;

/// <summary>The figure "u-lira": curves, table, and how sure both kinds of shadow networks are.</summary>
internal static class ULiraFigure
{
    private const int Bins = 30;
    private const int CurvePoints = 120;

    public static Figure Of(IReadOnlyList<ULiraResult> results, Shadows shadows, int pairs)
    {
        var images = shadows.Unseen[0].Length;
        return new("u-lira", "U-LiRA: telling unlearned networks from networks that never saw the images",
            $"{pairs} pairs of shadow networks, {images} forget images. Members are the confidences of the forget images by networks that saw and then forgot them, non-members those by networks trained without them; "
            + "every pair is judged by Gaussians fitted to the other pairs. Curves are means over pairs. An area of one half means that unlearning cannot be told from retraining; \"original\" was not unlearned at all and shows what the attack can do. "
            + (pairs < 16 ? "So few pairs tell coarse differences only. " : "") + "The shadow networks' values for each image are in u-lira.csv.",
            "Hayes et al. 2024 (arXiv 2403.01218), U-LiRA; Carlini et al. 2022 (arXiv 2112.03570)",
            [Curves(results, images), Table(results, shadows), .. results.Select(result => Histogram(result.Name, shadows))]);
    }

    private static LinePanel Curves(IReadOnlyList<ULiraResult> results, int images)
    {
        // From half an image to all, evenly on the logarithmic axis.
        var least = 0.5 / images;
        double[] x = [.. Enumerable.Range(0, CurvePoints).Select(i => i == CurvePoints - 1 ? 1 : least * Math.Pow(1 / least, i / (CurvePoints - 1.0)))];
        return new("ROC curves of the likelihood ratio; rates of 0 stand at half an image", new Axis("false positive rate", true, least, 1), new Axis("true positive rate", true, least, 1),
            [.. results.Select(result => new Line(result.Name, x, [.. x.Select(rate => Math.Max(least, result.TruePositiveRateAt(rate)))])), new Line("chance", [least, 1], [least, 1], [], [], Dashed: true)], []);
    }

    private static TablePanel Table(IReadOnlyList<ULiraResult> results, Shadows shadows)
    {
        IEnumerable<IReadOnlyList<string>> rows = results.Select(result => (IReadOnlyList<string>)
            [result.Name, Number(result.Auc, "0.000"), "± " + Number(result.HalfWidth, "0.000"), Number(100 * result.TprAtOnePercentFpr, "0.0"), Number(result.ConfidenceAuc, "0.000"), result.Verdict]);
        return new("Verdicts", ["Model", "AUC", "95 % interval", "TPR at 1 % FPR (%)", "AUC of confidence", "Verdict"],
            [.. rows, .. shadows.Failed.Select(failed => (IReadOnlyList<string>)[failed.Key, "", "", "", "", "not measured: " + failed.Value])]);
    }

    private static HistogramPanel Histogram(string name, Shadows shadows)
    {
        double[] seen = [.. shadows.Seen[name].SelectMany(values => values)], unseen = [.. shadows.Unseen.SelectMany(values => values)];
        double low = Math.Min(seen.Min(), unseen.Min()), high = Math.Max(seen.Max(), unseen.Max());
        if (!(high > low)) (low, high) = (low - 0.5, low + 0.5);
        double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(i => low + (high - low) * i / Bins)];
        return new($"{name}: confidence of the forget images", new Axis("log(p / (1 - p)) of the true label"), edges,
            [new(name, Shares(seen, low, high)), new(ResultTable.Oracle, Shares(unseen, low, high))], [], "share of all shadows' values (%)");
    }

    private static double[] Shares(double[] values, double low, double high)
    {
        var shares = new double[Bins];
        foreach (var value in values) shares[Math.Min(Bins - 1, (int)((value - low) / (high - low) * Bins))] += 100.0 / values.Length;
        return shares;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
