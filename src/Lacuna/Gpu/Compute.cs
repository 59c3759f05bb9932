using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>Where a run computes and with what.</summary>
/// <param name="Device">Where models and batches live.</param>
/// <param name="Kernels">The hot paths there.</param>
public sealed record Compute(Device Device, TensorKernels Kernels)
{
    /// <summary>A device without a launcher: the CPU paths on the CPU, the operators elsewhere.</summary>
    public static implicit operator Compute(Device device) => new(device, TensorKernels.Native);
}
