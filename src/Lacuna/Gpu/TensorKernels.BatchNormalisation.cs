using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Whether <see cref="NormaliseBatch"/> is for activations like these: float32, channels-last, on the CPU's kernels. Elsewhere the tensor library's batch norm is the way.
    /// </summary>
    /// <param name="activations">[N, C, H, W].</param>
    public bool NormalisesBatches(Tensor activations)
    {
        if (WayFor(activations) != Way.Cpu || activations.dtype != ScalarType.Float32 || activations.dim() != 4) return false;
        using var turned = activations.permute(0, 2, 3, 1);
        return turned.is_contiguous();
    }

    /// <summary>
    /// Batch norm in training mode with what follows it in the same pass: z = gamma (y - mean) / sqrt(variance + epsilon) + beta + s, then a ReLU with ceiling; running statistics are
    /// brought up to date. Only where <see cref="NormalisesBatches"/>. No gradient is recorded. The caller owns what is returned: z [N, C, H, W] channels-last, the batch's mean and
    /// 1 / sqrt(variance + epsilon), [C].
    /// </summary>
    /// <param name="activations">y, [N, C, H, W] channels-last.</param>
    /// <param name="scale">gamma, [C].</param>
    /// <param name="shift">beta, [C].</param>
    /// <param name="runningMean">[C].</param>
    /// <param name="runningVariance">[C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The batch's weight in the running statistics.</param>
    /// <param name="addend">s, [N, C, H, W]; copied unless channels-last; null for none.</param>
    /// <param name="ceiling">Infinity for ReLU, 6 for ReLU6; null for neither.</param>
    public (Tensor Output, Tensor Mean, Tensor Inverse) NormaliseBatch(Tensor activations, Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double epsilon, double momentum,
        Tensor? addend, float? ceiling)
    {
        const string operation = nameof(NormaliseBatch);
        using var timed = Timed(operation);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var y = RequireBatch(activations, nameof(activations), operation, scale, runningMean, runningVariance);
        RequireOfChannels(shift, nameof(shift), operation, y);
        long rows = y.size(0) * y.size(1) * y.size(2), channels = y.size(3);
        if (rows < 2) throw new ArgumentException($"{operation}: 'activations' {Require.Shape(activations)} has one value a channel, which has no variance. Give a larger batch.", nameof(activations));
        var s = addend is null ? null : Turned(addend, nameof(addend), operation, activations.shape);
        var (z, mean, inverse) = (empty_like(y), empty(channels, dtype: ScalarType.Float32), empty(channels, dtype: ScalarType.Float32));
        BatchNormalisation.Cpu(Floats(y), s is null ? null : Floats(s), Floats(scale), Floats(shift), Floats(z), Floats(mean), Floats(inverse), Floats(runningMean), Floats(runningVariance),
            rows, (int)channels, epsilon, momentum, ceiling);
        return (z.permute(0, 3, 1, 2).MoveToOuterDisposeScope(), mean.MoveToOuterDisposeScope(), inverse.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Gradients of <see cref="NormaliseBatch"/> before its ReLU: by gamma and beta, [C], which the caller owns; that by y is written over <paramref name="activations"/>.
    /// </summary>
    /// <param name="gradient">By the output, gated, [N, C, H, W]; copied unless channels-last.</param>
    /// <param name="activations">y, overwritten.</param>
    /// <param name="scale">gamma, [C].</param>
    /// <param name="mean">What the operation returned.</param>
    /// <param name="inverse">What the operation returned.</param>
    public (Tensor ByScale, Tensor ByShift) DifferentiateBatch(Tensor gradient, Tensor activations, Tensor scale, Tensor mean, Tensor inverse)
    {
        const string operation = nameof(DifferentiateBatch);
        using var timed = Timed(operation);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var y = RequireBatch(activations, nameof(activations), operation, scale, mean, inverse);
        var g = Turned(gradient, nameof(gradient), operation, activations.shape);
        Require.Apart(y, nameof(activations), g, nameof(gradient), operation);
        var (byScale, byShift) = (empty_like(mean), empty_like(mean));
        BatchNormalisation.GradientCpu(Floats(g), Floats(y), Floats(scale), Floats(mean), Floats(inverse), Floats(byScale), Floats(byShift), y.size(0) * y.size(1) * y.size(2), (int)y.size(3));
        return (byScale.MoveToOuterDisposeScope(), byShift.MoveToOuterDisposeScope());
    }

    // [N, H, W, C].
    private Tensor RequireBatch(Tensor activations, string name, string operation, params ReadOnlySpan<Tensor> channels)
    {
        if (!NormalisesBatches(activations))
            throw new ArgumentException($"{operation}: '{name}' {Require.Shape(activations)} {activations.dtype} on {activations.device} is not for it; ask NormalisesBatches first.", name);
        var y = activations.detach().permute(0, 2, 3, 1);
        foreach (var tensor in channels) RequireOfChannels(tensor, "a number of every channel", operation, y);
        return y;
    }

    private static void RequireOfChannels(Tensor tensor, string name, string operation, Tensor y)
    {
        Require.Plain(tensor, name, operation, ScalarType.Float32);
        Require.Shaped(tensor, name, operation, y.size(3));
    }
}
