using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>What is done to that which leaves a linear map: an addition, then a ReLU or the gate of one. A convolution of ours does it before its output goes to memory.</summary>
/// <param name="Addend">The other path of a sum, of the output's shape; null for none.</param>
/// <param name="Ceiling">Of the ReLU or gate: infinity, or 6 for ReLU6; null for neither.</param>
/// <param name="Gate">What the ReLU gave whose gate this is; null for the ReLU itself.</param>
internal readonly record struct Finish(Tensor? Addend = null, float? Ceiling = null, Tensor? Gate = null)
{
    /// <summary>Whether it fits an output of so many rows as a whole, and not only part by part.</summary>
    public bool Fits(long rows) => Gate is null || Gate.size(0) == rows;

    /// <summary>Does it in place; what is stacked meets the same gate part by part.</summary>
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
            // One part where nothing is stacked.
            var rows = Gate.size(0);
            for (var first = 0L; first < output.size(0); first += rows)
            {
                using var part = output.narrow(0, first, rows);
                using var addend = Addend?.narrow(0, first, rows);
                kernels.GateInPlace(part, addend, Gate, top);
            }
        }
    }
}
