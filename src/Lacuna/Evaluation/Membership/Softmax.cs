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
}
