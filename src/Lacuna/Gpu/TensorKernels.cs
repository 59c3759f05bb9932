using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>
/// The kernels' operations on tensors. Contiguous float32 tensors of the CPU are worked on in place, in their own memory,
/// by the kernels' vectorised CPU paths; everything else goes through the tensor library's operators, with the same result.
/// </summary>
public static unsafe class TensorKernels
{
    /// <summary>y[n] = x[n] + delta. A new tensor [N, C, H, W]; the caller owns it.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="delta">[C, H, W], of the same type and device.</param>
    public static Tensor ApplyForgetVector(Tensor images, Tensor delta)
    {
        RequireSameKind(images, delta, nameof(ApplyForgetVector));
        if (images.dim() < 1 || !images.shape.AsSpan(1).SequenceEqual(delta.shape))
            throw new ArgumentException($"A forget vector [{string.Join(", ", delta.shape)}] does not fit images [{string.Join(", ", images.shape)}]: it must have the shape of one image.");
        if (!OnCpuPath(images, delta)) return images + delta;
        var result = empty_like(images);
        var one = 1f;
        ForgetVectorApplication.Cpu(Floats(images), Floats(delta), &one, Floats(result), new ForgetVectorShape(images.size(0), delta.numel()));
        return result;
    }

    /// <summary>Squared Frobenius norm of every row of a gradient [N, …], as [N]. The caller owns the result.</summary>
    public static Tensor SquaredNorms(Tensor gradient)
    {
        if (!OnCpuPath(gradient)) return gradient.flatten(1).square().sum(1);
        var samples = gradient.size(0);
        var result = empty(samples, dtype: ScalarType.Float32);
        InputSensitivity.Cpu(Floats(gradient), Floats(result), samples, samples == 0 ? 0 : gradient.numel() / samples);
        return result;
    }

    /// <summary>omega += scale * |g|, or scale * g^2; in place in <paramref name="omega"/>.</summary>
    public static void AccumulateImportance(Tensor gradient, Tensor omega, float scale, ImportanceMeasure measure)
    {
        RequireSameKind(gradient, omega, nameof(AccumulateImportance));
        if (gradient.numel() != omega.numel())
            throw new ArgumentException($"The gradient has {gradient.numel()} elements but the importance has {omega.numel()}.");
        if (OnCpuPath(gradient, omega))
        {
            ImportanceAccumulation.Cpu(Floats(omega), Floats(gradient), gradient.numel(), scale, measure);
            return;
        }
        using var magnitude = measure == ImportanceMeasure.Squared ? gradient.square() : gradient.abs();
        omega.add_(magnitude, alpha: scale);
    }

    private static bool OnCpuPath(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.dtype != ScalarType.Float32 || tensor.device.type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous()) return false;
        }
        return true;
    }

    private static void RequireSameKind(Tensor a, Tensor b, string operation)
    {
        if (a.dtype != b.dtype || a.device.type != b.device.type || a.device.index != b.device.index)
            throw new ArgumentException($"{operation} needs tensors of one type and device, not {a.dtype} on {a.device} and {b.dtype} on {b.device}. Convert one with .to(other).");
    }

    private static float* Floats(Tensor tensor) => (float*)TensorStack.Current.DataPointer(tensor);
}
