using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>What a forward pass of a <see cref="FrozenNetwork"/> left: logits and gates. Valid until the network is folded anew.</summary>
public sealed class FrozenPass : IDisposable
{
    private readonly Classifier _model;
    private readonly FrozenChain _chain;
    private readonly FrozenTape _tape;

    internal FrozenPass(Classifier model, FrozenChain chain, FrozenTape tape, Tensor images)
    {
        (_model, _chain, _tape) = (model, chain, tape);
        using var span = tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Logits = chain.Forward(images, tape).DetachFromDisposeScope();
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
        using var span = _tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, seed.size(0));
        (_tape.Adjoints, _tape.Multiplies) = (adjoints, false);
        return _chain.Back(new(seed.detach().clone()), default, _tape).Sum().MoveToOuterDisposeScope();
    }

    /// <summary>Directional derivative of the logits along a direction of the images, [N, K]. The caller owns it.</summary>
    /// <param name="direction">[N, C, H, W].</param>
    public Tensor Tangent(Tensor direction)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        (_tape.Adjoints, _tape.Multiplies) = (null, false);
        return _chain.Tangent(direction, _tape).MoveToOuterDisposeScope();
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
        using var span = _tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        (_tape.Adjoints, _tape.Multiplies) = (adjoints, true);
        _chain.Tangent(direction, _tape);
    }

    /// <summary>The sum of what <see cref="AddWeightGradient"/> added, one a trainable parameter in the model's order; null where it does not depend on it. The caller owns them.</summary>
    public IReadOnlyList<Tensor?> WeightGradients()
    {
        using var scope = NewDisposeScope();
        var names = _model.named_modules().ToDictionary(m => (object)m.Item2, m => m.Item1, ReferenceEqualityComparer.Instance);
        var gradients = _chain.Layers.SelectMany(layer => layer.Gradients(_tape.ProductOf(layer))).ToDictionary(g => $"{names[g.Module]}.{g.Parameter}", g => g.Gradient);
        return [.. _model.TrainableParameters().Select(p => gradients.GetValueOrDefault(p.Name)?.alias().DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        _tape.Dispose();
    }
}
