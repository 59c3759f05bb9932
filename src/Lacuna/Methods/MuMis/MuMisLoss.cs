using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.MuMis;

/// <summary>
/// L = (1/N) sum over x of ||grad_x f_c(x)||^2 - ||grad_x f_c'(x)||^2, with c the label and c' an irrelevant class, and its
/// exact gradient with respect to the weights by differentiating twice. Batch norm must be in eval mode.
/// </summary>
/// <param name="Loss">Scalar.</param>
/// <param name="Gradients">One a parameter, in the model's order; null where the loss does not depend on it (biases of piecewise-linear networks).</param>
/// <param name="TargetSquared">Mean over the batch of ||grad_x f_c||^2.</param>
/// <param name="IrrelevantSquared">Mean over the batch of ||grad_x f_c'||^2.</param>
public sealed record MuMisLoss(double Loss, IReadOnlyList<Tensor?> Gradients, double TargetSquared, double IrrelevantSquared) : IDisposable
{
    /// <summary>Loss and weight gradient of a batch.</summary>
    /// <param name="model">In eval mode, its parameters asking for gradients.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="labels">[N] int64.</param>
    /// <param name="irrelevant">[N] int64, nowhere equal to the label.</param>
    public static MuMisLoss Of(Classifier model, Tensor images, Tensor labels, Tensor irrelevant)
    {
        using var scope = NewDisposeScope();
        var leaf = images.detach().requires_grad_();
        var logits = model.call(leaf);
        var target = MeanSquaredSensitivity(logits, leaf, labels);
        var other = MeanSquaredSensitivity(logits, leaf, irrelevant);
        var loss = target - other;
        var gradients = autograd.grad([loss], [.. model.TrainableParameters().Select(p => (Tensor)p.Value)], allow_unused: true);
        return new(loss.ToDouble(), [.. gradients.Select(g => g is null || g.IsInvalid ? null : g.contiguous().DetachFromDisposeScope())], target.ToDouble(), other.ToDouble());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gradient in Gradients) gradient?.Dispose();
    }

    private static Tensor MeanSquaredSensitivity(Tensor logits, Tensor images, Tensor classes)
    {
        var chosen = logits.gather(1, classes.unsqueeze(1)).sum();
        // TorchSharp frees the graph unless told to keep it, even when it is to be differentiated again.
        var gradient = autograd.grad([chosen], [images], retain_graph: true, create_graph: true)[0];
        return gradient.square().sum() / images.size(0);
    }
}
