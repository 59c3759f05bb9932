using Lacuna.Gpu;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>An operation on logits of many rows, every third one to be forgotten.</summary>
/// <param name="name">Short name.</param>
/// <param name="classes">K.</param>
/// <param name="bytesPerRow">Moved for a row.</param>
/// <param name="work">On logits, labels, roles and weights; what it returns is checked.</param>
internal sealed class LogitCase(string name, long classes, long bytesPerRow, Func<TensorKernels, Tensor, Tensor, Tensor, Tensor, IReadOnlyList<Tensor>> work) : BenchCase
{
    /// <summary>Cross-entropy and hinge by role, values and gradient.</summary>
    public static LogitCase Losses(int classes) => new($"logit-losses-{classes}", classes, 2 * sizeof(float) * classes + 17, (kernels, logits, labels, roles, weights) =>
    {
        var (values, gradient) = kernels.LossesOfLogits(logits, labels, roles, weights, tau: 1);
        return [values, gradient];
    });

    /// <summary>Confidence, entropy, modified entropy and correctness.</summary>
    public static LogitCase Membership(int classes) => new($"membership-{classes}", classes, sizeof(float) * classes + 21, (kernels, logits, labels, _, _) =>
    {
        var (confidence, entropy, modified, correct) = kernels.ScoreMembership(logits, labels);
        return [confidence, entropy, modified, correct.logical_not().to(logits.dtype)]; // errors are relative to the largest, and few labels drawn are right
    });

    public override string Name => name;

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var samples = Math.Max(1, bytes / (sizeof(float) * classes));
        using var scope = NewDisposeScope();
        var logits = Draw([samples, classes], device, 2 * seed).mul_(3);
        var labels = DrawPixels([samples], device, 2 * seed + 1).mul_(classes).to(ScalarType.Int64);
        var roles = labels.remainder(3).eq(0).to(ScalarType.Byte) + (int)LogitRole.CrossEntropy;
        var weights = full([samples], 1.0 / samples, device: device);
        Tensor[] owned = [logits.DetachFromDisposeScope(), labels.DetachFromDisposeScope(), roles.DetachFromDisposeScope(), weights.DetachFromDisposeScope()];
        return new($"{samples} x {classes}", bytesPerRow * samples, owned, kernels => work(kernels, logits, labels, roles, weights),
            (kernels, type) => work(kernels, logits.to(type), labels, roles, weights.to(type)));
    }
}
