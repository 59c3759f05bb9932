using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Gradients with respect to weights, as the fused optimisers take them.</summary>
internal static class WeightGradients
{
    /// <summary>Gradient of a scalar with respect to each parameter, contiguous whatever layout the library's backward pass chose. The caller owns them.</summary>
    public static Tensor[] Of(Tensor loss, IReadOnlyList<Tensor> parameters) =>
        [.. autograd.grad([loss], [.. parameters]).Select(gradient => gradient.contiguous())];

    /// <summary>As <see cref="Of(Tensor, IReadOnlyList{Tensor})"/> of a scalar whose gradients with respect to some outputs of the network are known.</summary>
    public static Tensor[] Of(IList<Tensor> outputs, IList<Tensor> slopes, IReadOnlyList<Tensor> parameters) =>
        [.. autograd.grad(outputs, [.. parameters], slopes).Select(gradient => gradient.contiguous())];
}
