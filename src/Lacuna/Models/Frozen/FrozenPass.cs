using Lacuna.Gpu;
using Lacuna.Profiling;
using TorchSharp;
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

    internal FrozenPass(Classifier model, FrozenChain chain, TensorKernels kernels, Tensor images, bool? stacksSeeds)
    {
        (_model, _chain, _kernels, _slices) = (model, chain, kernels, BatchSlices.Of(images, chain));
        StacksSeeds = stacksSeeds ?? images.device.type != DeviceType.CPU;
        _tapes = [.. Enumerable.Range(0, _slices.Count).Select(_ => new FrozenTape(kernels, records: true))];
        using var span = kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Logits = _slices.Map(images, (slice, i) => chain.Forward(slice, _tapes[i])).DetachFromDisposeScope();
    }

    /// <summary>[N, K].</summary>
    public Tensor Logits { get; }

    /// <summary>
    /// Whether several seeds go back through the network at once, stacked in one batch, and not one after another within each part of the batch. For GPUs, which a batch does not fill and where every
    /// launch costs. On a CPU the parts' gates would leave the cache and the gates would be passes of their own: two seeds of ResNet-20 measured 1.3 times slower stacked, 64 and 256 images.
    /// </summary>
    public bool StacksSeeds { get; }

    /// <summary>Gradient of sum(seed * logits) by the images, [N, C, H, W], contiguous. The caller owns it.</summary>
    /// <param name="seed">[N, K].</param>
    /// <param name="adjoints">A name under which the gradients by every layer's output are kept, for <see cref="AddWeightGradient"/>; null for none.</param>
    public Tensor InputGradient(Tensor seed, string? adjoints = null)
    {
        using var scope = NewDisposeScope();
        return InputGradients(seed.unsqueeze(0), adjoints is null ? null : [adjoints]).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Gradients of sum(seed_s * logits) by the images for several seeds, [S, N, C, H, W], contiguous. The caller owns them.</summary>
    /// <param name="seeds">[S, N, K].</param>
    /// <param name="adjoints">A name for each seed, under which its gradients by every layer's output are kept, for <see cref="AddWeightGradient"/>: of all seeds at once. Null for none.</param>
    public Tensor InputGradients(Tensor seeds, IReadOnlyList<string>? adjoints = null)
    {
        var count = seeds.size(0);
        if (adjoints is not null && adjoints.Count != count) throw new ArgumentException($"{adjoints.Count} names for the adjoints of {count} seeds.", nameof(adjoints));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, count * seeds.size(1));
        return _slices.Map(seeds.detach(), Back, dimension: 1).MoveToOuterDisposeScope();

        // [S, n, K] to [S, n, C, H, W].
        Tensor Back(Tensor slice, int i)
        {
            if (StacksSeeds || count == 1) return Through(slice, i, adjoints ?? []);
            return cat([.. slice.split(1).Select((seed, s) => Through(seed, i, adjoints is null ? [] : [adjoints[s]]))], 0);
        }

        Tensor Through(Tensor slice, int i, IReadOnlyList<string> names)
        {
            using var inner = NewDisposeScope();
            var gradient = _chain.Back(new(slice.flatten(0, 1).clone()), default, Tape(i, names, multiplies: false)).Sum();
            return gradient.reshape([slice.size(0), slice.size(1), .. gradient.shape.Skip(1)]).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Directional derivative of the logits along a direction of the images, [N, K]. The caller owns it.</summary>
    /// <param name="direction">[N, C, H, W].</param>
    public Tensor Tangent(Tensor direction)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        return _slices.Map(direction, (slice, i) => _chain.Tangent(slice, Tape(i, [], multiplies: false))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Adds the gradient by the weights of sum over n of direction_n . grad_x (seed_n . logits_n), the mixed derivative that MU-Mis and other penalties of input gradients need:
    /// at every layer the product of the tangent that comes in and the adjoint of what goes out. Gates have no derivative, so nothing else contributes.
    /// </summary>
    /// <param name="direction">[N, C, H, W].</param>
    /// <param name="adjoints">The name given with the seed to <see cref="InputGradient"/> or <see cref="InputGradients"/>.</param>
    public void AddWeightGradient(Tensor direction, string adjoints)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Tangent, direction.size(0));
        _slices.Map(direction, (slice, i) => _chain.Tangent(slice, Tape(i, [adjoints], multiplies: true)));
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

    private FrozenTape Tape(int slice, IReadOnlyList<string> adjoints, bool multiplies)
    {
        (_tapes[slice].Adjoints, _tapes[slice].Multiplies) = (adjoints, multiplies);
        return _tapes[slice];
    }

    private Tensor ProductOf(FrozenLayer layer) => _tapes.Skip(1).Aggregate(_tapes[0].ProductOf(layer), (sum, tape) => sum + tape.ProductOf(layer));
}
