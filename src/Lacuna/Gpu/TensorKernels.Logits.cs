using Lacuna.Evaluation;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using Lacuna.Methods;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Losses of the rows of logits, each in its role and times its weight, with their gradient: <see cref="LogitLosses"/> has the formulas. Values [N] and
    /// gradient [N, K].
    /// </summary>
    /// <param name="logits">[N, K].</param>
    /// <param name="labels">[N] int64; those of ignored rows may be anything.</param>
    /// <param name="roles">[N] bytes, <see cref="LogitRole"/>.</param>
    /// <param name="weights">[N], of the logits' type.</param>
    /// <param name="tau">Margin of the hinge.</param>
    public (Tensor Values, Tensor Gradient) LossesOfLogits(Tensor logits, Tensor labels, Tensor roles, Tensor weights, double tau)
    {
        using var timed = Timed(nameof(LossesOfLogits));
        var (samples, classes) = RequireLogits(logits, labels, nameof(LossesOfLogits));
        Require.Plain(roles, nameof(roles), nameof(LossesOfLogits), ScalarType.Byte);
        Require.Floats(weights, nameof(weights), nameof(LossesOfLogits));
        Require.Beside(roles, nameof(roles), logits, nameof(LossesOfLogits));
        Require.Alike(weights, nameof(weights), logits, nameof(LossesOfLogits));
        Require.Shaped(roles, nameof(roles), nameof(LossesOfLogits), samples);
        Require.Shaped(weights, nameof(weights), nameof(LossesOfLogits), samples);
        var way = WayFor(logits);
        if (way == Way.Operators) return LossesByOperators(logits, labels, roles, weights, tau);
        var values = empty(samples, dtype: ScalarType.Float32, device: logits.device);
        var gradient = empty_like(logits);
        if (way == Way.Cpu)
            LogitLosses.Cpu(Floats(logits), Longs(labels), (LogitRole*)Bytes(roles), Floats(weights), Floats(values), Floats(gradient), samples, classes, (float)tau);
        else
            Launch("LogitLosses.Kernel", logits, SizeForRows(samples, classes), View(logits), View(labels), View(roles), View(weights), View(values), View(gradient),
                samples, classes, tau, LogitStage.Lanes(classes), Wide(logits, gradient));
        return (values, gradient);
    }

    /// <summary>
    /// What predictions say about their labels, from which membership is guessed: <see cref="MembershipScores"/> has the formulas. Each [N]: the label's
    /// confidence, entropy and modified entropy in nats, and whether the label is the first of the largest logits.
    /// </summary>
    /// <param name="logits">[N, K].</param>
    /// <param name="labels">[N] int64.</param>
    public (Tensor Confidence, Tensor Entropy, Tensor ModifiedEntropy, Tensor Correct) ScoreMembership(Tensor logits, Tensor labels)
    {
        using var timed = Timed(nameof(ScoreMembership));
        var (samples, classes) = RequireLogits(logits, labels, nameof(ScoreMembership));
        var way = WayFor(logits);
        if (way == Way.Operators)
            return (MembershipFeatures.Confidence(logits, labels), MembershipFeatures.Entropy(logits), MembershipFeatures.ModifiedEntropy(logits, labels), logits.argmax(1).eq(labels));
        Tensor Scores() => empty(samples, dtype: ScalarType.Float32, device: logits.device);
        var (confidence, entropy, modified, correct) = (Scores(), Scores(), Scores(), empty(samples, dtype: ScalarType.Bool, device: logits.device));
        if (way == Way.Cpu)
            MembershipScores.Cpu(Floats(logits), Longs(labels), Floats(confidence), Floats(entropy), Floats(modified), Bytes(correct), samples, classes);
        else
            Launch("MembershipScores.Kernel", logits, SizeForRows(samples, classes), View(logits), View(labels), View(confidence), View(entropy), View(modified), View(correct),
                samples, classes, LogitStage.Lanes(classes), Wide(logits));
        return (confidence, entropy, modified, correct);
    }

    private static (long Samples, int Classes) RequireLogits(Tensor logits, Tensor labels, string operation)
    {
        Require.Floats(logits, nameof(logits), operation);
        Require.Plain(labels, nameof(labels), operation, ScalarType.Int64);
        Require.Beside(labels, nameof(labels), logits, operation);
        if (logits.dim() != 2 || logits.size(1) is < 1 or > int.MaxValue)
            throw new ArgumentException($"{operation}: 'logits' is {Require.Shape(logits)}; it must be [samples, classes] with at least one class.", nameof(logits));
        Require.Shaped(labels, nameof(labels), operation, logits.size(0));
        return (logits.size(0), (int)logits.size(1));
    }

    // Groups of 256 threads.
    private static LaunchSize SizeForRows(long samples, int classes)
    {
        var lanes = LogitStage.Lanes(classes);
        return LaunchSize.ForElements(samples, 256 / (lanes == 0 ? 32 : lanes));
    }

    private static (Tensor, Tensor) LossesByOperators(Tensor logits, Tensor labels, Tensor roles, Tensor weights, double tau)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var (ignored, isHinge) = (roles.eq((int)LogitRole.Ignore), roles.eq((int)LogitRole.MarginHinge));
        var known = labels.masked_fill(ignored, 0);
        var leaf = logits.detach().requires_grad_();
        // Masked fill and not a product: an infinite cross-entropy of a hinge row must not become NaN.
        var cross = Losses.CrossEntropy(leaf, known).masked_fill(ignored.logical_or(isHinge), 0);
        var hinge = Losses.MarginHinge(leaf, known, tau).masked_fill(isHinge.logical_not(), 0);
        var values = ((cross + hinge) * weights).masked_fill(ignored, 0);
        var gradient = autograd.grad([values.sum()], [leaf])[0].masked_fill_(ignored.unsqueeze(1), 0);
        return (values.detach().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }
}
