using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>The figures that every report of a table has, whatever wrote it.</summary>
internal static class SummaryFigures
{
    /// <summary>The four figures as bars, all figures as a table, and what the measurements show besides.</summary>
    /// <param name="rows">One a model, over seeds.</param>
    /// <param name="measured">What was measured of each; may be empty.</param>
    public static IEnumerable<Figure> Of(IReadOnlyList<SummaryRow> rows, IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> measured)
    {
        yield return Bars(rows);
        if (measured.Count == 0) yield break;
        yield return FigureTables.Of(rows, measured);
        yield return MeasurementFigures.Of(measured);
    }

    private static Figure Bars(IReadOnlyList<SummaryRow> rows)
    {
        var intervals = rows.Any(row => row.Metrics.Values.Any(value => value.Low is not null));
        return new("metrics", "UA, RA, TA and MIA",
            $"The four figures of every model, in percent{(intervals ? "; whiskers are 95 % intervals over seeds" : "")}. A method does well where its bar is as long as the retrained model's, not where it is longest.",
            "The table above.",
            [
                Panel("What is forgotten", [("UA", "UA: unlearning accuracy"), ("MIA", "MIA: membership-inference efficacy")]),
                Panel("What is kept", [("RA", "RA: retain accuracy"), ("TA", "TA: test accuracy")]),
            ]);

        BarPanel Panel(string title, (string Symbol, string Name)[] shown) => new(title, [.. shown.Select(metric => metric.Name)], new Axis("percent", Minimum: 0, Maximum: 100), [.. rows.Select(row =>
        {
            double[] Of(Func<Interval, double?> end) => [.. shown.Select(metric => row.Metrics.GetValueOrDefault(metric.Symbol) is { } value ? end(value) ?? double.NaN : double.NaN)];
            return new BarSeries(row.Name, Of(value => value.Mean), intervals ? Of(value => value.Low) : [], intervals ? Of(value => value.High) : []);
        })]);
    }
}
