using Lacuna.Gpu;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>
/// A classifier in eval mode compiled into fused stages: batch norms folded into the convolutions before them, ReLUs and shortcuts in place. It offers three passes over the
/// same stored gates: forward, gradient by the images, and directional derivative; none computes a weight's gradient unless it is asked for. Folded weights are copies: after the classifier's change
/// <see cref="Fold"/> takes them anew, and until then the passes are those of neither network.
/// </summary>
public sealed class FrozenNetwork : IDisposable
{
    private readonly Classifier _model;
    private readonly FrozenChain _chain;
    private readonly TensorKernels _kernels;

    private FrozenNetwork(Classifier model, FrozenChain chain, TensorKernels kernels) => (_model, _chain, _kernels) = (model, chain, kernels);

    /// <summary>Compiles a classifier, which must not be disposed before this is; null where it has layers that no stage is made for.</summary>
    public static FrozenNetwork? Of(Classifier model, TensorKernels kernels)
    {
        var device = model.parameters().FirstOrDefault()?.device;
        if (model is not StagedClassifier staged || device is null) return null;
        return staged.Freeze(staged.TakesChannelsLastOn(device)) is { } stages ? new(model, new(stages), kernels) : null;
    }

    /// <summary>As <see cref="Of"/>, but null too where operators and not kernels are to do the work: then nothing of ours takes part.</summary>
    public static FrozenNetwork? For(Classifier model, TensorKernels kernels) => model.parameters().FirstOrDefault() is { } one && kernels.RunOn(one) ? Of(model, kernels) : null;

    /// <summary>Takes the classifier's weights anew.</summary>
    public void Fold()
    {
        using var span = _kernels.Profiler.Span(SpanKind.Phase, "fold weights");
        _chain.Fold();
    }

    /// <summary>Logits [N, K] of images [N, C, H, W] in [0,1]; nothing is kept. The caller owns them.</summary>
    public Tensor Logits(Tensor images)
    {
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var tape = new FrozenTape(_kernels, records: false);
        using var grad = no_grad();
        return _chain.Forward(images, tape);
    }

    /// <summary>A forward pass after which the others can follow.</summary>
    public FrozenPass Forward(Tensor images) => new(_model, _chain, new FrozenTape(_kernels, records: true), images);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _chain.Layers) layer.Dispose();
    }
}
