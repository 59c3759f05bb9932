using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>
/// Passes through a network whose weights stay as they are while this lives: in eval mode, and never a weight's gradient. They go through the compiled
/// <see cref="FrozenNetwork"/> where the network has one and kernels are at work, otherwise through the network itself and automatic differentiation.
/// </summary>
public sealed class InputPasses : IDisposable
{
    private readonly Classifier _model;
    private readonly FrozenWeights _frozen;
    private readonly FrozenNetwork? _network;
    private readonly IProfiler? _profiler;

    /// <param name="model">Its mode and flags are restored on disposal.</param>
    /// <param name="kernels">Kernels or operators: the operators' way is the tensor library's own throughout.</param>
    public InputPasses(Classifier model, TensorKernels kernels)
    {
        (_model, _profiler) = (model, kernels.Profiler);
        _frozen = new FrozenWeights(model);
        _network = FrozenNetwork.For(model, kernels);
    }

    /// <summary>Logits [N, K]. The caller owns them.</summary>
    public Tensor Logits(Tensor images)
    {
        if (_network is not null) return _network.Logits(images);
        using var span = _profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var _ = no_grad();
        return _model.call(images);
    }

    /// <summary>Gradient of sum(slope(logits) * logits) by the images, [N, C, H, W], contiguous. The caller owns it.</summary>
    /// <param name="images">[N, C, H, W] in [0,1]; not changed.</param>
    /// <param name="slope">From the logits of some rows, [n, K], and the number of the first of them, to the gradient by these logits: the batch may be gone through in parts.</param>
    public Tensor Differentiate(Tensor images, Func<Tensor, long, Tensor> slope)
    {
        if (_network is not null) return _network.InputGradient(images, slope);
        using var scope = NewDisposeScope();
        var leaf = images.detach().requires_grad_();
        Tensor logits;
        using (_profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0))) logits = _model.call(leaf);
        var seed = slope(logits.detach(), 0);
        using var span = _profiler.Span(SpanKind.Pass, PassNames.InputGradient, images.size(0));
        return autograd.grad([logits], [leaf], [seed])[0].contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network?.Dispose();
        _frozen.Dispose();
    }
}
