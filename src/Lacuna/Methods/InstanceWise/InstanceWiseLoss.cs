using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>
/// The data terms of L = (n_f * L_f + n_a * CE(f(x_adv), target)) / (n_a + n_f) + (lambda / 2) * sum hold * (p - p0)^2,
/// where L_f is -CE(f(x), y) to misclassify and CE(f(x), y*) to relabel, and CE is a mean over its batch. The last term is
/// <see cref="Pull"/>'s.
/// </summary>
public static class InstanceWiseLoss
{
    /// <summary>Sums over both batches divided by their common size, scalar.</summary>
    /// <param name="forgetLogits">[n_f, K].</param>
    /// <param name="forgetLabels">Own labels to misclassify, new labels to relabel, [n_f].</param>
    /// <param name="goal">Which sign the forget term has.</param>
    /// <param name="adversarialLogits">[n_a, K], or null when there are no adversarial images.</param>
    /// <param name="adversarialTargets">[n_a], or null.</param>
    public static Tensor Data(Tensor forgetLogits, Tensor forgetLabels, InstanceGoal goal, Tensor? adversarialLogits, Tensor? adversarialTargets)
    {
        var forget = Losses.CrossEntropy(forgetLogits, forgetLabels).sum();
        var signed = goal == InstanceGoal.Misclassify ? -forget : forget;
        var rows = forgetLogits.size(0);
        if (adversarialLogits is null || adversarialTargets is null) return signed / rows;
        return (signed + Losses.CrossEntropy(adversarialLogits, adversarialTargets).sum()) / (rows + adversarialLogits.size(0));
    }
}
