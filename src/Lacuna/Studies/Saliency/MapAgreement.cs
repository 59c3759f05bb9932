namespace Lacuna.Studies.Saliency;

/// <summary>How alike two models' maps are.</summary>
internal static class MapAgreement
{
    // 97.5 % point of the normal distribution.
    private const double Quantile = 1.959964;

    /// <summary>Pearson's correlation of two maps over their pixels; NaN when one is the same everywhere, as an empty map is.</summary>
    public static double Correlation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double meanFirst = 0, meanSecond = 0;
        for (var i = 0; i < first.Length; i++)
        {
            meanFirst += first[i];
            meanSecond += second[i];
        }
        (meanFirst, meanSecond) = (meanFirst / first.Length, meanSecond / first.Length);
        double product = 0, squareFirst = 0, squareSecond = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var (a, b) = (first[i] - meanFirst, second[i] - meanSecond);
            (product, squareFirst, squareSecond) = (product + a * b, squareFirst + a * a, squareSecond + b * b);
        }
        // Rounding leaves a little of a constant map; its scale is the map's own.
        var flat = squareFirst <= 1e-12 * first.Length * meanFirst * meanFirst || squareSecond <= 1e-12 * first.Length * meanSecond * meanSecond;
        return flat ? double.NaN : product / Math.Sqrt(squareFirst * squareSecond);
    }

    /// <summary>The correlation for every image.</summary>
    public static double[] OfSameImages(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second) =>
        [.. first.Select((map, i) => Correlation(map, second[i]))];

    /// <summary>Every image's map against the other model's map of the next image: what is alike without looking at the same thing.</summary>
    public static double[] OfOtherImages(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second) =>
        [.. first.Select((map, i) => Correlation(map, second[(i + 1) % second.Count]))];

    /// <summary>Mean and the ends of its 95 % interval over the images that have a correlation; NaN where there is none.</summary>
    public static (double Mean, double Low, double High) Summary(IReadOnlyList<double> correlations)
    {
        var values = correlations.Where(double.IsFinite).ToArray();
        if (values.Length == 0) return (double.NaN, double.NaN, double.NaN);
        var mean = values.Average();
        if (values.Length == 1) return (mean, mean, mean);
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
        return (mean, mean - Quantile * error, mean + Quantile * error);
    }
}
