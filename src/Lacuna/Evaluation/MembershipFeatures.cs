using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Features of a prediction from which membership is guessed; logits [N, K] and labels [N] to [N].</summary>
public static class MembershipFeatures
{
    /// <summary>Softmax probability of the label.</summary>
    public static Tensor Confidence(Tensor logits, Tensor labels) => Own(logits.softmax(1), labels);

    /// <summary>-sum p log p, in nats.</summary>
    public static Tensor Entropy(Tensor logits) => -(logits.softmax(1) * logits.log_softmax(1)).sum(1);

    /// <summary>
    /// -(1 - p_y) log p_y - sum over k≠y of p_k log(1 - p_k), in nats (Song and Mittal 2021, eq. 8). log(1 - p_k) is
    /// taken as the log-sum-exp of the other logits, so that a saturated softmax neither loses digits nor becomes infinite.
    /// </summary>
    public static Tensor ModifiedEntropy(Tensor logits, Tensor labels)
    {
        var log = logits.log_softmax(1);
        var classes = logits.size(1);
        var self = eye(classes, dtype: ScalarType.Bool, device: logits.device).unsqueeze(0);
        var logRest = log.unsqueeze(1).expand(logits.size(0), classes, classes).masked_fill(self, double.NegativeInfinity).logsumexp(2);
        var terms = log.exp() * logRest;
        return -(Own(logRest, labels).exp() * Own(log, labels)) - (terms.sum(1) - Own(terms, labels));
    }

    private static Tensor Own(Tensor table, Tensor labels) => table.gather(1, labels.unsqueeze(1)).squeeze(1);
}
