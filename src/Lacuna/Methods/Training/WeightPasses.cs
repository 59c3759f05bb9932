using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Models.Training;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>
/// Passes through a network and back to its weights, in the modes that its layers are in. They go through the compiled <see cref="TrainingNetwork"/> where the network has one and the CPU's kernels are
/// at work, otherwise through the network itself and automatic differentiation.
/// </summary>
internal sealed class WeightPasses
{
    private readonly Classifier _model;
    private readonly TrainedWeights _weights;
    private readonly TrainingArithmetic _arithmetic;
    private readonly TrainingNetwork? _network;
    private readonly IProfiler? _profiler;

    /// <param name="model">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="arithmetic">Of the general way; what is compiled computes in float32 alone.</param>
    /// <param name="kernels">Kernels or operators: the operators' way is the tensor library's own throughout.</param>
    /// <param name="channelsLast">Whether activations are.</param>
    public WeightPasses(Classifier model, TrainedWeights weights, TrainingArithmetic arithmetic, TensorKernels kernels, bool channelsLast)
    {
        (_model, _weights, _arithmetic, _profiler) = (model, weights, arithmetic, kernels.Profiler);
        _network = arithmetic.Autocasts ? null : TrainingNetwork.For(model, kernels, channelsLast);
    }

    /// <summary>A loss, scalar, and its gradients as an optimiser of the weights takes them. The caller owns all.</summary>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="loss">Of the logits [N, K].</param>
    public (Tensor Loss, Tensor[] Gradients) Differentiate(Tensor images, Func<Tensor, Tensor> loss)
    {
        Tensor value;
        if (_network is null)
        {
            using (_profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0))) value = loss(_arithmetic.Logits(_model, images));
            using (_profiler.Span(SpanKind.Pass, PassNames.TrainingBackward, images.size(0))) return (value.detach(), _weights.Gradients(value));
        }
        using var pass = _network.Forward(images);
        using var logits = pass.Logits.detach().requires_grad_();
        value = loss(logits);
        using var seed = autograd.grad([value], [logits])[0];
        return (value.detach(), _weights.Plain(pass.WeightGradients(seed)));
    }
}
