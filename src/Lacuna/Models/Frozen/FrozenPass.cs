using Lacuna.Gpu;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>What a forward pass of a <see cref="FrozenNetwork"/> left: logits and gates. Valid until the network is folded anew.</summary>
public sealed class FrozenPass : IDisposable
{
    private readonly Classifier _model;
    private readonly FrozenChain _chain;
    private readonly TensorKernels _kernels;
    private readonly BatchSlices _slices;
    private readonly FrozenTape[] _tapes;

    internal FrozenPass(Classifier model, FrozenChain chain, TensorKernels kernels, Tensor images)
    {
        (_model, _chain, _kernels, _slices) = (model, chain, kernels, BatchSlices.Of(images, chain));
        _tapes = [.. Enumerable.Range(0, _slices.Count).Select(_ => new FrozenTape(kernels, records: true))];
        using var span = kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Logits = _slices.Map(images, (slice, i) => chain.Forward(slice, _tapes[i])).DetachFromDisposeScope();
    }

    /// <summary>[N, K].</summary>
    public Tensor Logits { get; }

    /// <summary>Gradient of sum(seed * logits) by the images, [N, C, H, W], contiguous. The caller owns it.</summary>
    /// <param name="seed">[N, K].</param>
    /// <param name="adjoints">A name under which the gradients by every layer's output are kept, for <see cref="AddWeightGradient"/>; null for none.</param>
    public Tensor InputGradient(Tensor seed, string? adjoints = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, seed.size(0));
        return _slices.Map(seed.detach(), (slice, i) => _chain.Back(new(slice.clone()), default, Tape(i, adjoints, multiplies: false)).Sum()).MoveToOuterDisposeScope();
    }

    /// <summary>Directional derivative of the logits along a direction of the images, [N, K]. The caller owns it.</summary>
    /// <param name="direction">[N, C, H, W].</param>
    public Tensor Tangent(Tensor direction)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        return _slices.Map(direction, (slice, i) => _chain.Tangent(slice, Tape(i, null, multiplies: false))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Adds the gradient by the weights of sum over n of direction_n . grad_x (seed_n . logits_n), the mixed derivative that MU-Mis and other penalties of input gradients need:
    /// at every layer the product of the tangent that comes in and the adjoint of what goes out. Gates have no derivative, so nothing else contributes.
    /// </summary>
    /// <param name="direction">[N, C, H, W].</param>
    /// <param name="adjoints">The name given to <see cref="InputGradient"/> with the seed.</param>
    public void AddWeightGradient(Tensor direction, string adjoints)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        _slices.Map(direction, (slice, i) => _chain.Tangent(slice, Tape(i, adjoints, multiplies: true)));
    }

    /// <summary>The sum of what <see cref="AddWeightGradient"/> added, one a trainable parameter in the model's order; null where it does not depend on it. The caller owns them.</summary>
    public IReadOnlyList<Tensor?> WeightGradients()
    {
        using var scope = NewDisposeScope();
        var names = _model.named_modules().ToDictionary(m => (object)m.Item2, m => m.Item1, ReferenceEqualityComparer.Instance);
        var gradients = _chain.Layers.SelectMany(layer => layer.Gradients(ProductOf(layer))).ToDictionary(g => $"{names[g.Module]}.{g.Parameter}", g => g.Gradient);
        return [.. _model.TrainableParameters().Select(p => gradients.GetValueOrDefault(p.Name)?.alias().DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        foreach (var tape in _tapes) tape.Dispose();
    }

    private FrozenTape Tape(int slice, string? adjoints, bool multiplies)
    {
        (_tapes[slice].Adjoints, _tapes[slice].Multiplies) = (adjoints, multiplies);
        return _tapes[slice];
    }

    private Tensor ProductOf(FrozenLayer layer) => _tapes.Skip(1).Aggregate(_tapes[0].ProductOf(layer), (sum, tape) => sum + tape.ProductOf(layer));
}
