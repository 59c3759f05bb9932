using System.Text.Json.Serialization;

namespace Lacuna.Evaluation;

/// <summary>How often images of a true class are given each class: counts [true][predicted]. As JSON one line a row.</summary>
[JsonConverter(typeof(PredictionMatrixJson))]
public sealed class PredictionMatrix
{
    private readonly int[][] _counts;

    /// <param name="counts">[true][predicted], a square of counts.</param>
    /// <exception cref="ArgumentException">It is no square, or a count is negative.</exception>
    public PredictionMatrix(IReadOnlyList<IReadOnlyList<int>> counts)
    {
        if (counts.Any(row => row.Count != counts.Count || row.Any(count => count < 0)))
            throw new ArgumentException($"A prediction matrix of {counts.Count} classes has {counts.Count} rows of as many counts, none below 0.", nameof(counts));
        _counts = [.. counts.Select(row => row.ToArray())];
    }

    /// <summary>Counts [true][predicted].</summary>
    public IReadOnlyList<IReadOnlyList<int>> Counts => _counts;

    /// <summary>K.</summary>
    public int Classes => _counts.Length;

    /// <summary>Images counted.</summary>
    public int Images => _counts.Sum(row => row.Sum());

    /// <summary>Share of all images on the diagonal, in percent; null when there is none.</summary>
    public double? AccuracyPercent => Percent(_counts.Select((row, k) => row[k]).Sum(), Images);

    /// <summary>Share of the images of one true class that are given this class, in percent; null when there is none.</summary>
    public double? AccuracyPercentOf(int trueClass) => Percent(_counts[trueClass][trueClass], _counts[trueClass].Sum());

    /// <summary>Counts over several sets of predictions.</summary>
    /// <param name="classes">K; every label and prediction lies below it.</param>
    /// <param name="sets">Counted together.</param>
    public static PredictionMatrix Of(int classes, params IReadOnlyList<Predictions> sets)
    {
        int[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        foreach (var set in sets)
        {
            for (var i = 0; i < set.Count; i++) counts[set.Labels[i]][set.Predicted[i]]++;
        }
        return new(counts);
    }

    private static double? Percent(int part, int whole) => whole == 0 ? null : 100.0 * part / whole;
}
