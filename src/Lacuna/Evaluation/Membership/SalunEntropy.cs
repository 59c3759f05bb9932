namespace Lacuna.Evaluation.Membership;

/// <summary>
/// The "m_entropy" of the code that SalUn, Unlearn-Sparse and the forget vector share, with its two mistakes, for comparison with their numbers only.
/// </summary>
/// <remarks>
/// Meant is <see cref="MembershipFeatures.ModifiedEntropy"/>. But its log(1 - p) is computed as log p, and its index [:, labels]
/// names, for every row, the columns of the labels of all rows. So with S the set of labels that occur anywhere among the images given,
/// every image gets -sum over k in S of (1 - p_k) log p_k - sum over k not in S of p_k log p_k, whatever its own label is; a log p of 0 is log 1e-30.
/// The value of an image thus depends on which other images it is given with. When every class occurs, as in the retain set of random images,
/// it is large for sure predictions and small for unsure ones: the reverse of the measure whose name it bears.
/// </remarks>
public static class SalunEntropy
{
    private static readonly double LogOfZero = Math.Log(1e-30f);

    /// <summary>One value an image, in nats. Probabilities are float32, as there.</summary>
    public static double[] Of(Predictions predictions)
    {
        var occurring = new bool[predictions.Classes];
        foreach (var label in predictions.Labels) occurring[label] = true;
        var share = new double[predictions.Classes];
        var values = new double[predictions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            Softmax.Of(predictions.LogitsOf(i), share);
            var sum = 0.0;
            for (var k = 0; k < share.Length; k++)
            {
                var p = (float)share[k];
                sum -= (occurring[k] ? 1 - p : p) * (p > 0 ? Math.Log(p) : LogOfZero);
            }
            values[i] = sum;
        }
        return values;
    }
}
