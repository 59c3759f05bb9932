using Lacuna.Gpu;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>
/// The data terms of L = (n_f * L_f + n_a * CE(f(x_adv), target)) / (n_a + n_f) + (lambda / 2) * sum hold * (p - p0)^2,
/// where L_f is -CE(f(x), y) to misclassify and CE(f(x), y*) to relabel, and CE is a mean over its batch. The last term is
/// <see cref="Pull"/>'s.
/// </summary>
public static class InstanceWiseLoss
{
    /// <summary>Sums over both batches divided by their common size, scalar, with the gradients with respect to both logits.</summary>
    /// <param name="forgetLogits">[n_f, K].</param>
    /// <param name="forgetLabels">Own labels to misclassify, new labels to relabel, [n_f].</param>
    /// <param name="goal">Which sign the forget term has.</param>
    /// <param name="adversarialLogits">[n_a, K], or null when there are no adversarial images.</param>
    /// <param name="adversarialTargets">[n_a], or null.</param>
    /// <param name="kernels">Do the work.</param>
    public static (Tensor Value, Tensor ForgetGradient, Tensor? AdversarialGradient) Of(Tensor forgetLogits, Tensor forgetLabels, InstanceGoal goal,
        Tensor? adversarialLogits, Tensor? adversarialTargets, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var rows = (double)(forgetLogits.size(0) + (adversarialLogits?.size(0) ?? 0));
        var (value, gradient) = Sum(forgetLogits, forgetLabels, (goal == InstanceGoal.Misclassify ? -1 : 1) / rows, kernels);
        if (adversarialLogits is null || adversarialTargets is null) return (value.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope(), null);
        var (kept, keptGradient) = Sum(adversarialLogits, adversarialTargets, 1 / rows, kernels);
        return ((value + kept).MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope(), keptGradient.MoveToOuterDisposeScope());
    }

    private static (Tensor Value, Tensor Gradient) Sum(Tensor logits, Tensor labels, double weight, TensorKernels kernels)
    {
        var roles = full_like(labels, (int)LogitRole.CrossEntropy, ScalarType.Byte);
        var (values, gradient) = kernels.LossesOfLogits(logits.detach(), labels, roles, full_like(labels, weight, logits.dtype), tau: 0);
        return (values.sum(), gradient);
    }
}
