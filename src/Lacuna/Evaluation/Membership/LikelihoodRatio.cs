namespace Lacuna.Evaluation.Membership;

/// <summary>
/// The likelihood-ratio test of U-LiRA: for every image log N(x; mu_u, s_u) - log N(x; mu_r, s_r), where u stands for unlearned and r for networks that never
/// saw the image. Means and variances come from all shadow pairs but the judged one, so that no pair is judged by itself.
/// </summary>
public static class LikelihoodRatio
{
    /// <summary>Pairs from which on every image has variances of its own; below, one variance serves all images (Carlini et al. 2022, section VI).</summary>
    public const int OwnVarianceFrom = 64;

    /// <summary>Pairs at least: the two that stay when one is left out make a variance.</summary>
    public const int FewestPairs = 3;

    // In the units of a log-odds, squared: identical networks must not divide by zero.
    private const double LeastVariance = 1e-6;

    /// <summary>The scores of both sides, [pair][image]; higher where the value looks like that of an unlearned network.</summary>
    /// <param name="unlearned">Scaled confidences [pair][image] by networks that saw the images and were made to forget them.</param>
    /// <param name="unseen">The same images by networks that never saw them.</param>
    /// <exception cref="ArgumentException">There are fewer than three pairs, or the sizes differ.</exception>
    public static (double[][] Unlearned, double[][] Unseen) LeaveOneOut(double[][] unlearned, double[][] unseen)
    {
        var pairs = unlearned.Length;
        if (pairs < FewestPairs || unseen.Length != pairs) throw new ArgumentException($"The likelihood ratio takes at least {FewestPairs} pairs; there are {pairs} unlearned and {unseen.Length} unseen.");
        var images = unlearned[0].Length;
        if (unlearned.Concat(unseen).Any(values => values.Length != images)) throw new ArgumentException("Every network must have judged the same images.");
        var result = (Unlearned: new double[pairs][], Unseen: new double[pairs][]);
        for (var s = 0; s < pairs; s++)
        {
            var (meansU, variancesU) = Without(s, unlearned);
            var (meansR, variancesR) = Without(s, unseen);
            double Score(double x, int i) => LogDensity(x, meansU[i], variancesU[i]) - LogDensity(x, meansR[i], variancesR[i]);
            result.Unlearned[s] = [.. unlearned[s].Select(Score)];
            result.Unseen[s] = [.. unseen[s].Select(Score)];
        }
        return result;
    }

    /// <summary>Mean and variance of every image over all networks but one.</summary>
    private static (double[] Means, double[] Variances) Without(int left, double[][] values)
    {
        var images = values[0].Length;
        double[] means = new double[images], variances = new double[images];
        var others = values.Where((_, s) => s != left).ToArray();
        for (var i = 0; i < images; i++)
        {
            means[i] = others.Average(network => network[i]);
            variances[i] = others.Sum(network => (network[i] - means[i]) * (network[i] - means[i])) / (others.Length - 1);
        }
        if (values.Length < OwnVarianceFrom) Array.Fill(variances, images == 0 ? 0 : variances.Average());
        return (means, Array.ConvertAll(variances, variance => Math.Max(variance, LeastVariance)));
    }

    private static double LogDensity(double x, double mean, double variance) => -0.5 * (Math.Log(variance) + (x - mean) * (x - mean) / variance);
}
