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
    /// -(1 - p_y) log p_y - sum over k≠y of p_k log(1 - p_k), in nats (Song and Mittal 2021, eq. 8). log(1 - p_k) of the largest
    /// logit is taken as the log-sum-exp of the others, so that a saturated softmax neither loses digits nor becomes infinite; every other p_k is at most 1/2.
    /// </summary>
    public static Tensor ModifiedEntropy(Tensor logits, Tensor labels)
    {
        var log = logits.log_softmax(1);
        var share = log.exp();
        var classes = arange(logits.size(1), device: logits.device).unsqueeze(0);
        var isTop = classes.eq(logits.argmax(1, keepdim: true));
        var logRest = where(isTop, log.masked_fill(isTop, double.NegativeInfinity).logsumexp(1, keepdim: true), (-share).log1p());
        var others = (share * logRest).masked_fill(classes.eq(labels.unsqueeze(1)), 0);
        return -(Own(logRest, labels).exp() * Own(log, labels)) - others.sum(1);
    }

    private static Tensor Own(Tensor table, Tensor labels) => table.gather(1, labels.unsqueeze(1)).squeeze(1);
}
