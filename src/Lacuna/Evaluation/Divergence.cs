namespace Lacuna.Evaluation;

/// <summary>Distances between the softmax outputs of two models on the same images, in float64 from the logits, summed over the images; in nats.</summary>
public static class Divergence
{
    /// <summary>Sum of KL(p ‖ q) = sum over k of p_k (ln p_k - ln q_k), p of the first and q of the second.</summary>
    /// <exception cref="ArgumentException">The two are not of the same images and classes.</exception>
    public static double KullbackLeibler(Predictions first, Predictions second) => Sum(first, second, (logP, logQ) =>
    {
        var sum = 0.0;
        for (var k = 0; k < logP.Length; k++) sum += Math.Exp(logP[k]) * (logP[k] - logQ[k]);
        return sum;
    });

    /// <summary>Sum of JS(p, q) = KL(p ‖ m) / 2 + KL(q ‖ m) / 2 with m = (p + q) / 2; each at most ln 2 (Lin 1991).</summary>
    /// <exception cref="ArgumentException">The two are not of the same images and classes.</exception>
    public static double JensenShannon(Predictions first, Predictions second) => Sum(first, second, (logP, logQ) =>
    {
        var sum = 0.0;
        for (var k = 0; k < logP.Length; k++)
        {
            var (p, q) = (Math.Exp(logP[k]), Math.Exp(logQ[k]));
            var logMiddle = Math.Log((p + q) / 2);
            // p ln p goes to 0 with p; where p is 0 the middle may be 0 too.
            if (p > 0) sum += p * (logP[k] - logMiddle) / 2;
            if (q > 0) sum += q * (logQ[k] - logMiddle) / 2;
        }
        return sum;
    });

    private delegate double OfRow(ReadOnlySpan<double> logP, ReadOnlySpan<double> logQ);

    private static double Sum(Predictions first, Predictions second, OfRow ofRow)
    {
        if ((first.Count, first.Classes) != (second.Count, second.Classes) || !first.Labels.SequenceEqual(second.Labels))
            throw new ArgumentException($"Outputs for {first.Count} images and {first.Classes} classes are compared with others for {second.Count} and {second.Classes}: both models must be shown the same images.");
        var (logP, logQ) = (new double[first.Classes], new double[first.Classes]);
        var sum = 0.0;
        for (var i = 0; i < first.Count; i++)
        {
            LogSoftmax(first.LogitsOf(i), logP);
            LogSoftmax(second.LogitsOf(i), logQ);
            // Rounding may leave equal outputs a hair below 0.
            sum += Math.Max(0, ofRow(logP, logQ));
        }
        return sum;
    }

    private static void LogSoftmax(ReadOnlySpan<float> logits, Span<double> result)
    {
        double largest = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        var shift = largest + Math.Log(sum);
        for (var k = 0; k < logits.Length; k++) result[k] = logits[k] - shift;
    }
}
