namespace Lacuna.Evaluation;

/// <summary>
/// How far a method's models lie from retrained ones over several seeds ("performance disparity", Fan et al. 2024, arXiv 2310.12508, which publishes the average of the
/// distances between means). Model and oracle of a seed share data, split and recipe, so they are compared seed by seed.
/// </summary>
/// <param name="Figures">Every figure that was measured with all seeds, in the order of tables.</param>
/// <param name="MeanOfGaps">
/// The average gap (<see cref="UnlearningMetrics.AverageGapTo"/>) of each seed, over seeds: what one run must expect. Null without oracles.
/// </param>
/// <param name="GapOfMeans">
/// Mean over UA, RA, TA and MIA of |mean over seeds of the model's - mean over seeds of the oracle's|, in points: the published form. Never above the mean of
/// <paramref name="MeanOfGaps"/>, since what seeds miss to both sides cancels; it has no spread of its own. Null without oracles.
/// </param>
public sealed record Disparity(IReadOnlyList<FigureDisparity> Figures, Interval? MeanOfGaps, double? GapOfMeans)
{
    /// <summary>Over seeds.</summary>
    /// <param name="models">One measurement a seed.</param>
    /// <param name="oracles">The retrained model's of the same seeds in the same order; null where a seed has none.</param>
    /// <exception cref="ArgumentException">There is no seed, or the two lists differ in length.</exception>
    public static Disparity Of(IReadOnlyList<ModelMeasurement> models, IReadOnlyList<ModelMeasurement>? oracles)
    {
        if (models.Count == 0) throw new ArgumentException("A disparity needs at least one seed.", nameof(models));
        if (oracles is not null && oracles.Count != models.Count)
            throw new ArgumentException($"{models.Count} models cannot be compared seed by seed with {oracles.Count} oracles.", nameof(oracles));
        var ofModels = models.Select(Table).ToArray();
        var ofOracles = oracles?.Select(Table).ToArray();
        var figures = models[0].Figures().Select(figure => figure.Symbol).Where(symbol => ofModels.All(table => table.ContainsKey(symbol)))
            .Select(symbol => Of(symbol, ofModels, ofOracles)).ToArray();
        if (oracles is null) return new(figures, null, null);
        var gaps = models.Zip(oracles, (model, oracle) => model.Metrics.AverageGapTo(oracle.Metrics)).ToArray();
        return new(figures, Interval.Of(gaps), MeanOf(models).AverageGapTo(MeanOf(oracles)));
    }

    /// <summary>Of one seed of which only the four figures are known.</summary>
    /// <param name="model">The model's.</param>
    /// <param name="oracle">The retrained model's; null where there is none.</param>
    public static Disparity Of(UnlearningMetrics model, UnlearningMetrics? oracle)
    {
        var gap = oracle is null ? (double?)null : model.AverageGapTo(oracle);
        FigureDisparity One(string symbol, Func<UnlearningMetrics, double> figure)
        {
            var own = Interval.Of([figure(model)]);
            return oracle is null ? new(symbol, own, null, null, null)
                : new(symbol, own, Interval.Of([figure(oracle)]), Interval.Of([figure(model) - figure(oracle)]), Interval.Of([Math.Abs(figure(model) - figure(oracle))]));
        }
        return new([One("UA", m => m.UnlearningAccuracy), One("RA", m => m.RetainAccuracy), One("TA", m => m.TestAccuracy), One("MIA", m => m.MembershipEfficacy)], gap is { } value ? Interval.Of([value]) : null, gap);
    }

    private static FigureDisparity Of(string symbol, Dictionary<string, double>[] models, Dictionary<string, double>[]? oracles)
    {
        double[] own = [.. models.Select(table => table[symbol])];
        if (oracles is null || !oracles.All(table => table.ContainsKey(symbol))) return new(symbol, Interval.Of(own), null, null, null);
        double[] theirs = [.. oracles.Select(table => table[symbol])];
        double[] differences = [.. own.Zip(theirs, (model, oracle) => model - oracle)];
        return new(symbol, Interval.Of(own), Interval.Of(theirs), Interval.Of(differences), Interval.Of([.. differences.Select(Math.Abs)]));
    }

    private static Dictionary<string, double> Table(ModelMeasurement measured) => measured.Figures().ToDictionary(figure => figure.Symbol, figure => figure.Value);

    private static UnlearningMetrics MeanOf(IReadOnlyList<ModelMeasurement> measured) => new(
        measured.Average(m => m.Metrics.UnlearningAccuracy), measured.Average(m => m.Metrics.RetainAccuracy),
        measured.Average(m => m.Metrics.TestAccuracy), measured.Average(m => m.Metrics.MembershipEfficacy));
}
