namespace Lacuna.Evaluation.Membership;

/// <summary>Logit-scaled confidence, which is nearly normal over trainings where the confidence itself is piled up at 1 (Carlini et al. 2022).</summary>
public static class ScaledConfidence
{
    /// <summary>log(p_y / (1 - p_y)) = z_y - log sum over k≠y of exp z_k of every image: from logits, so that a saturated softmax loses nothing.</summary>
    public static double[] Of(Predictions predictions)
    {
        var values = new double[predictions.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Of(predictions.LogitsOf(i), predictions.Labels[i]);
        return values;
    }

    /// <summary>As above, of one image.</summary>
    /// <param name="logits">[K], K at least 2.</param>
    /// <param name="label">The true class.</param>
    public static double Of(ReadOnlySpan<float> logits, int label)
    {
        var largest = double.NegativeInfinity;
        for (var k = 0; k < logits.Length; k++)
        {
            if (k != label) largest = Math.Max(largest, logits[k]);
        }
        var sum = 0.0;
        for (var k = 0; k < logits.Length; k++)
        {
            if (k != label) sum += Math.Exp(logits[k] - largest);
        }
        return logits[label] - largest - Math.Log(sum);
    }
}
