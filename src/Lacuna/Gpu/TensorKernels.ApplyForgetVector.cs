using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>y[n] = x[n] + delta. A new tensor [N, C, H, W].</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="delta">[C, H, W].</param>
    public Tensor ApplyForgetVector(Tensor images, Tensor delta)
    {
        Require.Floats(images, nameof(images), nameof(ApplyForgetVector));
        Require.Floats(delta, nameof(delta), nameof(ApplyForgetVector));
        Require.Alike(delta, nameof(delta), images, nameof(ApplyForgetVector));
        Require.Shaped(delta, nameof(delta), nameof(ApplyForgetVector), images.shape.AsSpan(1));
        var way = WayFor(images);
        if (way == Way.Operators) return images + delta;
        var result = empty_like(images);
        var one = 1f;
        var (samples, elements) = (images.size(0), delta.numel());
        if (way == Way.Cpu)
        {
            ForgetVectorApplication.Cpu(Floats(images), Floats(delta), &one, Floats(result), new ForgetVectorShape(samples, elements));
            return result;
        }
        using var weight = ones(1, device: images.device);
        Launch("ForgetVectorApplication.SharedWeightsKernel", images, LaunchSize.ForElements(elements, 256), View(images), View(delta), View(weight), View(result),
            samples, elements, 1, float.NegativeInfinity, float.PositiveInfinity);
        return result;
    }
}
