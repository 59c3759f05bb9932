namespace Lacuna.Evaluation.Membership;

/// <summary>Probabilities of one image's logits in float64.</summary>
internal static class Softmax
{
    /// <summary>exp(z_k) / sum exp(z), for one row.</summary>
    public static void Of(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        var largest = float.NegativeInfinity;
        foreach (var z in logits) largest = Math.Max(largest, z);
        var sum = 0.0;
        for (var k = 0; k < logits.Length; k++) sum += probabilities[k] = Math.Exp((double)logits[k] - largest);
        for (var k = 0; k < logits.Length; k++) probabilities[k] /= sum;
    }

    /// <summary>Probabilities of some images, rounded to float32 as the published attacks see them, [rows, K] row by row.</summary>
    public static double[] Rows(Predictions predictions, int[] rows)
    {
        var classes = predictions.Classes;
        var all = new double[rows.Length * classes];
        for (var i = 0; i < rows.Length; i++) Of(predictions.LogitsOf(rows[i]), all.AsSpan(i * classes, classes));
        for (var i = 0; i < all.Length; i++) all[i] = (float)all[i];
        return all;
    }
}
