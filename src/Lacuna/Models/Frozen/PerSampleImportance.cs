using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>
/// Importance of every weight from each image's own gradient: one pass forward and one back over a batch, since in evaluation an image's score depends on no other image. Each layer's
/// sums are made when the pass back meets it, after which what it kept of the batch is let go.
/// </summary>
public sealed class PerSampleImportance : IDisposable
{
    private readonly Classifier _model;
    private readonly FrozenChain _chain;
    private readonly TensorKernels _kernels;
    private readonly Dictionary<FrozenLayer, LayerImportance> _layers;

    internal PerSampleImportance(Classifier model, FrozenChain chain, TensorKernels kernels, ImportanceMeasure measure)
    {
        (_model, _chain, _kernels) = (model, chain, kernels);
        using var grad = no_grad();
        _layers = chain.Layers.ToDictionary(layer => layer, layer => layer.Importance(measure));
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="slope">From the logits to the gradient of every image's score by them, both [N, K].</param>
    /// <param name="share">Weight of an image.</param>
    public void Add(Tensor images, Func<Tensor, Tensor> slope, float share)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var tape = new FrozenTape(_kernels, records: true) { EndsWithPassBack = true, Meets = (layer, input, adjoint) => _layers[layer].Add(input, adjoint, share, _kernels) };
        Tensor logits, seed;
        using (_kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0))) logits = _chain.Forward(images, tape);
        using (enable_grad()) seed = slope(logits);
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, images.size(0));
        _chain.Back(new(seed.detach().clone()), default, tape);
    }

    /// <summary>Bytes that a pass forward keeps for each image until the pass back lets go of them.</summary>
    public long BytesAnImage(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var tape = new FrozenTape(_kernels, records: true) { Meets = (_, _, _) => { } };
        _chain.Forward(images.narrow(0, 0, 1), tape);
        return tape.Bytes;
    }

    /// <summary>Ends the sums, one a trainable parameter in the model's order. The caller owns them.</summary>
    public IReadOnlyList<Tensor> Finish()
    {
        using var grad = no_grad();
        var names = _model.named_modules().ToDictionary(m => (object)m.Item2, m => m.Item1, ReferenceEqualityComparer.Instance);
        var found = _layers.Values.SelectMany(layer => layer.Finish()).ToDictionary(o => $"{names[o.Module]}.{o.Parameter}", o => o.Omega);
        return [.. _model.TrainableParameters().Select(p => found[p.Name])];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers.Values) layer.Dispose();
    }
}
