using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation.Measurements;

/// <summary>Predictions made by hand.</summary>
internal static class Outputs
{
    /// <summary>From logits [n][k]; everything else follows in float64.</summary>
    public static Predictions Of(int[] labels, float[][] logits)
    {
        var shares = logits.Select(row => row.Select(z => Math.Exp(z - (double)row.Max())).ToArray()).Select(row => row.Select(e => e / row.Sum()).ToArray()).ToArray();
        return new()
        {
            Labels = labels,
            Predicted = [.. logits.Select(row => Array.IndexOf(row, row.Max()))],
            LabelConfidence = [.. shares.Select((row, i) => row[labels[i]])],
            Entropy = [.. shares.Select(row => -row.Sum(p => p == 0 ? 0 : p * Math.Log(p)))],
            ModifiedEntropy = new double[labels.Length],
            Logits = logits.SelectMany(row => row).ToArray(),
        };
    }

    /// <summary>Softmax outputs given as shares.</summary>
    public static Predictions OfShares(params double[][] shares) => Of(new int[shares.Length], [.. shares.Select(row => row.Select(p => (float)Math.Log(p)).ToArray())]);

    /// <summary>Nothing.</summary>
    public static Predictions None { get; } = Of([], []);

    /// <summary>Outputs in no order, of a random predictor.</summary>
    public static Predictions Random(int count, int classes, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return Of([.. Enumerable.Range(0, count).Select(_ => random.Next(classes))],
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, classes).Select(_ => (float)(scale * random.NextDouble())).ToArray())]);
    }
}
