namespace Lacuna.Kernels;

/// <summary>What a row of logits contributes to a loss; a byte in the tensors that kernels read.</summary>
public enum LogitRole : byte
{
    /// <summary>Nothing: value and gradient are 0, whatever the logits are.</summary>
    Ignore = 0,
    /// <summary>Cross-entropy, -log softmax(z)_y: rows to retain, or with a negative weight rows to forget.</summary>
    CrossEntropy = 1,
    /// <summary>Margin hinge of Carlini and Wagner, max(z_y - max over k≠y of z_k, -tau): rows to misclassify.</summary>
    MarginHinge = 2,
}
