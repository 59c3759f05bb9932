using Lacuna.Gpu;
using Lacuna.Kernels;
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

    private FrozenNetwork(Classifier model, FrozenChain chain, TensorKernels kernels)
    {
        (_model, _chain, _kernels) = (model, chain, kernels);
        chain.Fold();
    }

    /// <summary>Compiles a classifier, which must not be disposed before this is; null where it has layers that no stage is made for.</summary>
    public static FrozenNetwork? Of(Classifier model, TensorKernels kernels) => ChainOf(model) is { } chain ? new(model, chain, kernels) : null;

    /// <summary>As <see cref="Of(Classifier, TensorKernels)"/>, with activations in this order.</summary>
    internal static FrozenNetwork? Of(Classifier model, TensorKernels kernels, bool channelsLast) => ChainOf(model, channelsLast) is { } chain ? new(model, chain, kernels) : null;

    /// <summary>As <see cref="Of(Classifier, TensorKernels)"/> where <see cref="PassPlan"/> chooses compiled passes; null where it chooses the general ones.</summary>
    /// <exception cref="ArgumentException">Compiled passes are asked for and the classifier has none.</exception>
    public static FrozenNetwork? For(Classifier model, TensorKernels kernels) => PassPlan.Of(model, kernels).IsCompiled ? Of(model, kernels) : null;

    /// <summary>The classifier's stages, not folded yet, which costs nothing; null where it has layers that none is made for.</summary>
    internal static FrozenChain? ChainOf(Classifier model) =>
        model is StagedClassifier staged && model.parameters().FirstOrDefault()?.device is { } device ? ChainOf(staged, staged.CompilesChannelsLastOn(device)) : null;

    private static FrozenChain? ChainOf(Classifier model, bool channelsLast) => (model as StagedClassifier)?.Freeze(channelsLast) is { } stages ? new(stages) : null;

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
        using var scope = NewDisposeScope();
        return BatchSlices.Of(images, _chain).Map(images, (slice, _) => _chain.Forward(slice, tape)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Gradient of sum(seed * logits) by the images, [N, C, H, W], contiguous: forward and back through one part of the batch after another, so that only a part's gates are kept, and less with every
    /// layer on the way back. The caller owns it.
    /// </summary>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="seed">From the logits of some rows, [n, K], and the number of the first of them, to the seed of these rows.</param>
    public Tensor InputGradient(Tensor images, Func<Tensor, long, Tensor> seed)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var slices = BatchSlices.Of(images, _chain);
        return slices.Map(images, (slice, i) =>
        {
            using var tape = new FrozenTape(_kernels, records: true) { EndsWithPassBack = true };
            Tensor logits;
            using (_kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, slice.size(0))) logits = _chain.Forward(slice, tape);
            var start = seed(logits, i * slices.Size);
            using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, slice.size(0));
            return _chain.Back(new(start.clone()), default, tape).Sum();
        }).MoveToOuterDisposeScope();
    }

    /// <summary>A forward pass after which the others can follow.</summary>
    public FrozenPass Forward(Tensor images) => new(_model, _chain, _kernels, images, StacksSeeds);

    /// <summary>Forces <see cref="FrozenPass.StacksSeeds"/>; null where the device decides.</summary>
    internal bool? StacksSeeds { get; set; }

    /// <summary>Sums, zero yet, of the sizes of single images' gradients by the weights as they are folded now. The caller disposes of it before this.</summary>
    public PerSampleImportance Importance(ImportanceMeasure measure) => new(_model, _chain, _kernels, measure);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _chain.Layers) layer.Dispose();
    }
}
