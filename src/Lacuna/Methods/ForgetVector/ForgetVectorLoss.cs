using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.ForgetVector;

/// <summary>
/// alpha * l_r + beta * l_f + lambda * penalty over a batch of B rows, forget and retain mixed:
/// l_r = (1/B) sum over retain of CE, l_f = (1/B) sum over forget of max(margin, -tau). Both are divided by all of B.
/// </summary>
/// <param name="Retain">l_r, scalar.</param>
/// <param name="Forget">l_f, scalar.</param>
public readonly record struct ForgetVectorLoss(Tensor Retain, Tensor Forget)
{
    /// <summary>Both data terms of a batch.</summary>
    /// <param name="logits">[B, K] of the perturbed images.</param>
    /// <param name="labels">[B] int64.</param>
    /// <param name="isForget">[B] bool.</param>
    /// <param name="tau">Margin of the hinge.</param>
    public static ForgetVectorLoss Of(Tensor logits, Tensor labels, Tensor isForget, double tau)
    {
        var rows = logits.size(0);
        // Masked fill and not a product: an infinite cross-entropy of a forget row must not become NaN in the retain term.
        var retain = Losses.CrossEntropy(logits, labels).masked_fill(isForget, 0).sum() / rows;
        var forget = Losses.MarginHinge(logits, labels, tau).masked_fill(isForget.logical_not(), 0).sum() / rows;
        return new(retain, forget);
    }

    /// <summary>
    /// alpha * l_r + beta * l_f of a batch, scalar, and its gradient with respect to each perturbed image, [B, C, H, W].
    /// The gradient with respect to what was added to all of them is its sum over the batch.
    /// </summary>
    /// <param name="passes">Through the frozen network.</param>
    /// <param name="perturbed">[B, C, H, W], the images with the vector added.</param>
    /// <param name="labels">[B] int64.</param>
    /// <param name="isForget">[B] bool.</param>
    /// <param name="weights">alpha, beta and tau.</param>
    /// <param name="kernels">Do the work.</param>
    public static (Tensor Value, Tensor Gradient) WithInputGradient(InputPasses passes, Tensor perturbed, Tensor labels, Tensor isForget, ForgetVectorWeights weights, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var rows = (double)perturbed.size(0);
        var roles = isForget.to(ScalarType.Byte) + (int)LogitRole.CrossEntropy;
        var shares = full_like(labels, weights.Alpha / rows, perturbed.dtype).masked_fill(isForget, weights.Beta / rows);
        var value = zeros([], perturbed.dtype, perturbed.device);
        var gradient = passes.Differentiate(perturbed, (logits, first) =>
        {
            var count = logits.size(0);
            var (values, slope) = kernels.LossesOfLogits(logits, labels.narrow(0, first, count), roles.narrow(0, first, count), shares.narrow(0, first, count), weights.Tau);
            value.add_(values.sum());
            return slope;
        });
        return (value.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>The data terms weighed, without the penalty.</summary>
    public Tensor Weighted(double alpha, double beta) => Retain * alpha + Forget * beta;

    /// <summary>The penalty on <paramref name="delta"/> [C, H, W] for a batch of <paramref name="rows"/>, scalar.</summary>
    public static Tensor Penalty(Tensor delta, ForgetVectorPenalty kind, long rows)
    {
        var squared = delta.square().sum();
        return kind == ForgetVectorPenalty.Squared ? squared : squared.sqrt() / rows;
    }

    /// <summary>Gradient of <see cref="Penalty"/>, in closed form: 2 delta, or delta / (||delta|| B) and 0 at delta = 0.</summary>
    public static Tensor PenaltyGradient(Tensor delta, ForgetVectorPenalty kind, long rows)
    {
        if (kind == ForgetVectorPenalty.Squared) return delta * 2;
        var norm = delta.square().sum().sqrt();
        return where(norm > 0, delta / (norm * rows), zeros_like(delta));
    }
}
