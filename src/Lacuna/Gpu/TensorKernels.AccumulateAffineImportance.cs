using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Importance of a batch norm's scale and shift in evaluation from every sample's own gradient: omega += factor * sum_n |G_n|, or factor * sum_n G_n^2;
    /// in place in both omegas.
    /// </summary>
    /// <param name="input">What the layer was given, [N, C, …], contiguous or [N, C, H, W] channels-last.</param>
    /// <param name="gradient">Of each sample's score by the layer's output, of the same shape.</param>
    /// <param name="mean">Running mean, [C].</param>
    /// <param name="variance">Running variance, [C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scale">Importance of the scale, [C].</param>
    /// <param name="shift">Importance of the shift, [C].</param>
    /// <param name="factor">One over the number of samples that will be added.</param>
    /// <param name="measure">Absolute values or squares.</param>
    public void AccumulateAffineImportance(Tensor input, Tensor gradient, Tensor mean, Tensor variance, double epsilon, Tensor scale, Tensor shift, float factor, ImportanceMeasure measure)
    {
        using var timed = Timed(nameof(AccumulateAffineImportance));
        const string operation = nameof(AccumulateAffineImportance);
        using var outer = NewDisposeScope();
        (input, gradient, var channelsLast) = InTheSameOrder(input, nameof(input), gradient, nameof(gradient), operation);
        var (samples, channels, positions) = channelsLast ? (input.size(0), input.size(3), input.size(1) * input.size(2)) : Channels(input, nameof(input), operation);
        foreach (var omega in (Tensor[])[scale, shift])
        {
            RequireAccumulation(operation, omega, (input, nameof(input)), (gradient, nameof(gradient)), (mean, nameof(mean)), (variance, nameof(variance)));
            Require.Shaped(omega, nameof(omega), operation, channels);
        }
        Require.Apart(scale, nameof(scale), shift, nameof(shift), operation);
        Require.Shaped(gradient, nameof(gradient), operation, input.shape);
        Require.Shaped(mean, nameof(mean), operation, channels);
        Require.Shaped(variance, nameof(variance), operation, channels);
        if (samples == 0) return;
        switch (WayFor(input))
        {
            case Way.Cpu when channelsLast:
                AffineImportance.ChannelsLastCpu(Floats(input), Floats(gradient), Floats(mean), Floats(variance), Floats(scale), Floats(shift),
                    samples, channels, positions, (float)epsilon, factor, measure);
                break;
            case Way.Cpu:
                AffineImportance.Cpu(Floats(input), Floats(gradient), Floats(mean), Floats(variance), Floats(scale), Floats(shift),
                    samples, channels, positions, (float)epsilon, factor, measure);
                break;
            case Way.Launch:
                var slices = AffineImportance.Slices(samples, channels);
                using (var partial = Partial(2 * slices * channels, input))
                {
                    Launch("AffineImportance.Kernel", input, LaunchSize.For(slices * channels), View(input), View(gradient), View(mean), View(variance), View(partial),
                        samples, positions, slices, epsilon, factor, measure == ImportanceMeasure.Squared ? 1 : 0, positions % 4 == 0 ? Wide(input, gradient) : 0);
                    Merge(partial, 0, 2 * channels, slices, scale);
                    Merge(partial, channels, 2 * channels, slices, shift);
                }
                break;
            default:
                using (var scope = NewDisposeScope())
                using (no_grad())
                {
                    var (x, d) = (input.view(samples, channels, positions), gradient.view(samples, channels, positions));
                    var normalised = (x - mean.view(1, channels, 1)) / (variance + epsilon).sqrt().view(1, channels, 1);
                    AddOverSamples((d * normalised).sum(2), scale, factor, measure);
                    AddOverSamples(d.sum(2), shift, factor, measure);
                }
                break;
        }
    }

    /// <summary>
    /// Importance of what a layer adds to each of its output channels, as the bias of a convolution or of a linear layer does:
    /// omega += factor * sum_n |sum_p gradient_n|, or of squares; in place in <paramref name="omega"/>.
    /// </summary>
    /// <param name="gradient">Of each sample's score by the layer's output, [N, C, …].</param>
    /// <param name="omega">[C].</param>
    /// <param name="factor">One over the number of samples that will be added.</param>
    /// <param name="measure">Absolute values or squares.</param>
    public void AccumulateBiasImportance(Tensor gradient, Tensor omega, float factor, ImportanceMeasure measure)
    {
        using var timed = Timed(nameof(AccumulateBiasImportance));
        const string operation = nameof(AccumulateBiasImportance);
        var (samples, channels, positions) = Channels(gradient, nameof(gradient), operation);
        RequireAccumulation(operation, omega, (gradient, nameof(gradient)));
        Require.Shaped(omega, nameof(omega), operation, channels);
        if (samples == 0) return;
        var squared = measure == ImportanceMeasure.Squared ? 1 : 0;
        switch (WayFor(gradient))
        {
            case Way.Cpu when positions == 1:
                LinearImportance.BiasCpu(Floats(gradient), Floats(omega), samples, channels, factor, measure);
                break;
            case Way.Cpu:
                AffineImportance.ShiftCpu(Floats(gradient), Floats(omega), samples, channels, positions, factor, measure);
                break;
            case Way.Launch when positions == 1:
                Launch("LinearImportance.BiasKernel", gradient, LaunchSize.ForElements(channels, 256), View(gradient), View(omega), samples, factor, squared);
                break;
            case Way.Launch:
                var slices = AffineImportance.Slices(samples, channels);
                using (var partial = Partial(slices * channels, gradient))
                {
                    Launch("AffineImportance.ShiftKernel", gradient, LaunchSize.For(slices * channels), View(gradient), View(partial), samples, channels, positions, slices,
                        factor, squared, positions % 4 == 0 ? Wide(gradient) : 0);
                    Merge(partial, 0, channels, slices, omega);
                }
                break;
            default:
                using (var scope = NewDisposeScope())
                using (no_grad())
                {
                    AddOverSamples(gradient.view(samples, channels, positions).sum(2), omega, factor, measure);
                }
                break;
        }
    }

    private static (long Samples, long Channels, long Positions) Channels(Tensor tensor, string name, string operation)
    {
        Require.Floats(tensor, name, operation);
        if (tensor.dim() < 2) throw new ArgumentException($"{operation}: '{name}' is {Require.Shape(tensor)}; it must have at least samples and channels.", name);
        var positions = 1L;
        foreach (var size in tensor.shape.AsSpan(2)) positions *= size;
        return (tensor.size(0), tensor.size(1), positions);
    }

    private static void AddOverSamples(Tensor gradients, Tensor omega, float factor, ImportanceMeasure measure) =>
        omega.add_((measure == ImportanceMeasure.Squared ? gradients.square() : gradients.abs()).sum(dim: 0), alpha: factor);
}
