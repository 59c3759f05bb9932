using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Losses and scores on logits [N, K] and labels [N] (int64). All differentiable, none reduced over the batch.</summary>
public static class Losses
{
    /// <summary>Cross-entropy of every row, [N]: -log softmax(z)_y.</summary>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels) =>
        nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None);

    /// <summary>
    /// Margin of every row, [N]: m = z_y - max over k≠y of z_k. Positive where the label wins.
    /// </summary>
    public static Tensor Margin(Tensor logits, Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var own = logits.gather(1, column).squeeze(1);
        var isOwn = arange(logits.size(1), device: logits.device).unsqueeze(0).eq(column);
        var (best, _) = logits.masked_fill(isOwn, double.NegativeInfinity).max(1);
        return own - best;
    }

    /// <summary>
    /// Untargeted hinge of Carlini and Wagner, [N]: max(m, -tau). It has no gradient once the row is misclassified by tau.
    /// </summary>
    public static Tensor MarginHinge(Tensor logits, Tensor labels, double tau) => Margin(logits, labels).clamp_min(-tau);
}
