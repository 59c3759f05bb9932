using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>What is done to that which leaves a linear map: an addition, then a ReLU or the gate of one. A convolution of ours does it before its output goes to memory.</summary>
/// <param name="Addend">The other path of a sum, of the output's shape; null for none.</param>
/// <param name="Ceiling">Of the ReLU or gate: infinity, or 6 for ReLU6; null for neither.</param>
/// <param name="Gate">What the ReLU gave whose gate this is; null for the ReLU itself.</param>
internal readonly record struct Finish(Tensor? Addend = null, float? Ceiling = null, Tensor? Gate = null)
{
    /// <summary>Does it in place.</summary>
    public void ApplyTo(Tensor output, TensorKernels kernels)
    {
        if (Ceiling is not { } top)
        {
            if (Addend is not null) output.detach().add_(Addend);
        }
        else if (Gate is null)
        {
            kernels.ReluInPlace(output, Addend, top);
        }
        else
        {
            kernels.GateInPlace(output, Addend, Gate, top);
        }
    }
}
