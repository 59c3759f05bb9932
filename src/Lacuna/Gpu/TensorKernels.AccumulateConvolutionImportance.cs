using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Importance of a convolution's weights from every sample's own gradient: omega += scale * sum_n |G_n|, or scale * sum_n G_n^2; in place in
    /// <paramref name="omega"/>. The operators take one backward pass of the layer a sample.
    /// </summary>
    /// <param name="input">What the layer was given, [N, C, H, W], contiguous or channels-last.</param>
    /// <param name="gradient">Of each sample's score by the layer's output, [N, O, H', W'], contiguous or channels-last.</param>
    /// <param name="omega">[O, C/groups, h, w].</param>
    /// <param name="shape">The layer on these images.</param>
    /// <param name="scale">One over the number of samples that will be added.</param>
    /// <param name="measure">Absolute values or squares.</param>
    public void AccumulateConvolutionImportance(Tensor input, Tensor gradient, Tensor omega, ConvolutionShape shape, float scale, ImportanceMeasure measure)
    {
        using var timed = Timed(nameof(AccumulateConvolutionImportance));
        const string operation = nameof(AccumulateConvolutionImportance);
        shape.Validate();
        using var outer = NewDisposeScope();
        (input, gradient, var channelsLast) = InTheSameOrder(input, nameof(input), gradient, nameof(gradient), operation);
        RequireAccumulation(operation, omega, (input, nameof(input)), (gradient, nameof(gradient)));
        Require.Shaped(input, nameof(input), operation, channelsLast ? [shape.Samples, shape.Height, shape.Width, shape.Channels] : [shape.Samples, shape.Channels, shape.Height, shape.Width]);
        Require.Shaped(gradient, nameof(gradient), operation,
            channelsLast ? [shape.Samples, shape.OutputHeight, shape.OutputWidth, shape.Outputs] : [shape.Samples, shape.Outputs, shape.OutputHeight, shape.OutputWidth]);
        Require.Shaped(omega, nameof(omega), operation, shape.Outputs, shape.GroupChannels, shape.KernelHeight, shape.KernelWidth);
        if (shape.Samples == 0) return;
        switch (WayFor(input))
        {
            case Way.Cpu:
                ConvolutionImportance.Cpu(Floats(input), Floats(gradient), Floats(omega), shape, scale, measure, channelsLast);
                break;
            case Way.Launch:
                var slices = ConvolutionImportance.Slices(shape);
                using (var geometry = tensor(shape.Geometry(), dtype: ScalarType.Int32, device: input.device))
                using (var partial = Partial(slices * shape.Weights, input))
                {
                    Launch("ConvolutionImportance.Kernel", input, LaunchSize.For(slices * ConvolutionImportance.Tiles(shape)), View(input), View(gradient), View(partial), View(geometry),
                        shape.Samples, slices, scale, measure == ImportanceMeasure.Squared ? 1 : 0);
                    Merge(partial, 0, shape.Weights, slices, omega);
                }
                break;
            default:
                using (enable_grad())
                {
                    for (long n = 0; n < shape.Samples; n++)
                    {
                        using var scope = NewDisposeScope();
                        using var weight = zeros_like(omega).requires_grad_();
                        var output = nn.functional.conv2d(input.narrow(0, n, 1), weight, null, [shape.StrideY, shape.StrideX], [shape.PaddingY, shape.PaddingX],
                            [shape.DilationY, shape.DilationX], shape.Groups);
                        AddMeasure(autograd.grad([output], [weight], [gradient.narrow(0, n, 1)])[0], omega, scale, measure);
                    }
                }
                break;
        }
    }

    /// <summary>
    /// Two tensors as the kernels' CPU paths take them: [N, H, W, C] where either is channels-last and these are at work, otherwise [N, C, …]; copied only where it must be.
    /// </summary>
    private (Tensor Input, Tensor Gradient, bool ChannelsLast) InTheSameOrder(Tensor input, string name, Tensor gradient, string gradientName, string operation)
    {
        var (first, second) = (InOneOrder(input, name, operation), InOneOrder(gradient, gradientName, operation));
        if (ReferenceEquals(first, input) && ReferenceEquals(second, gradient)) return (input, gradient, false);
        return WayFor(input) == Way.Cpu ? (input.permute(0, 2, 3, 1).contiguous(), gradient.permute(0, 2, 3, 1).contiguous(), true) : (input.contiguous(), gradient.contiguous(), false);
    }

    // What all layers' importances ask: plain tensors of one kind, and an omega that is none of the others.
    private static void RequireAccumulation(string operation, Tensor omega, params ReadOnlySpan<(Tensor Tensor, string Name)> inputs)
    {
        Require.Floats(omega, nameof(omega), operation);
        foreach (var (input, name) in inputs)
        {
            Require.Floats(input, name, operation);
            Require.Alike(input, name, omega, operation);
            Require.Apart(omega, nameof(omega), input, name, operation);
        }
    }

    private static void AddMeasure(Tensor gradient, Tensor omega, float scale, ImportanceMeasure measure)
    {
        using var _ = no_grad();
        using var magnitude = measure == ImportanceMeasure.Squared ? gradient.square() : gradient.abs();
        omega.add_(magnitude, alpha: scale);
    }

    // Sums of slices of the samples, which a second launch merges.
    private static Tensor Partial(long count, Tensor beside) => empty(count, dtype: ScalarType.Float32, device: beside.device);

    private void Merge(Tensor partial, long first, long stride, int slices, Tensor omega) =>
        Launch("SampleSlices.MergeKernel", omega, LaunchSize.ForElements(omega.numel(), 256),
            KernelArgument.View(TensorStack.Current.DataPointer(partial) + (nint)(first * sizeof(float)), partial.numel() - first), View(omega), stride, slices);
}
