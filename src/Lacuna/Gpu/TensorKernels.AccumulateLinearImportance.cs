using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Importance of a linear layer's weights from every sample's own gradient: omega += scale * sum_n |G_n|, or scale * sum_n G_n^2; in place in
    /// <paramref name="omega"/>. The operators multiply matrices of absolute values or squares, since a sample's gradient is an outer product.
    /// </summary>
    /// <param name="input">What the layer was given, [N, I].</param>
    /// <param name="gradient">Of each sample's score by the layer's output, [N, O].</param>
    /// <param name="omega">[O, I].</param>
    /// <param name="scale">One over the number of samples that will be added.</param>
    /// <param name="measure">Absolute values or squares.</param>
    public void AccumulateLinearImportance(Tensor input, Tensor gradient, Tensor omega, float scale, ImportanceMeasure measure)
    {
        using var timed = Timed(nameof(AccumulateLinearImportance));
        const string operation = nameof(AccumulateLinearImportance);
        RequireAccumulation(operation, omega, (input, nameof(input)), (gradient, nameof(gradient)));
        if (input.dim() != 2) throw new ArgumentException($"{operation}: '{nameof(input)}' is {Require.Shape(input)}; it must be a matrix.", nameof(input));
        if (gradient.dim() != 2) throw new ArgumentException($"{operation}: '{nameof(gradient)}' is {Require.Shape(gradient)}; it must be a matrix.", nameof(gradient));
        var (samples, inputs, outputs) = (input.size(0), input.size(1), gradient.size(1));
        Require.Shaped(gradient, nameof(gradient), operation, samples, outputs);
        Require.Shaped(omega, nameof(omega), operation, outputs, inputs);
        if (samples == 0) return;
        switch (WayFor(input))
        {
            case Way.Cpu:
                LinearImportance.Cpu(Floats(input), Floats(gradient), Floats(omega), samples, inputs, outputs, scale, measure);
                break;
            case Way.Launch:
                var slices = LinearImportance.Slices(samples, inputs, outputs);
                using (var partial = Partial(slices * inputs * outputs, input))
                {
                    Launch("LinearImportance.Kernel", input, LaunchSize.For(slices * LinearImportance.Tiles(inputs, outputs)), View(input), View(gradient), View(partial),
                        samples, inputs, outputs, slices, scale, measure == ImportanceMeasure.Squared ? 1 : 0);
                    Merge(partial, 0, inputs * outputs, slices, omega);
                }
                break;
            default:
                using (var scope = NewDisposeScope())
                using (no_grad())
                {
                    var squared = measure == ImportanceMeasure.Squared;
                    omega.add_((squared ? gradient.square() : gradient.abs()).t().matmul(squared ? input.square() : input.abs()), alpha: scale);
                }
                break;
        }
    }
}
