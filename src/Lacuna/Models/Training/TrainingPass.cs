using Lacuna.Models.Frozen;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>What a forward pass of a <see cref="TrainingNetwork"/> left: logits, and what the pass back needs. The weights must not change between the two.</summary>
internal sealed class TrainingPass : IDisposable
{
    private readonly Classifier _model;
    private readonly TrainingChain _chain;
    private readonly TrainingTape _tape;

    public TrainingPass(Classifier model, FrozenScaling scaling, TrainingChain chain, TrainingTape tape, Tensor images)
    {
        (_model, _chain, _tape) = (model, chain, tape);
        using var span = tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Logits = chain.Forward(scaling.Apply(images), tape).DetachFromDisposeScope();
    }

    /// <summary>[N, K].</summary>
    public Tensor Logits { get; }

    /// <summary>Gradients of sum(seed * logits) by every trainable parameter in the model's order; some in an order of memory of their own. The caller owns them. To be asked for once.</summary>
    /// <param name="seed">[N, K].</param>
    public IReadOnlyList<Tensor> WeightGradients(Tensor seed)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var span = _tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.TrainingBackward, seed.size(0));
        _chain.Back(new(seed.detach().clone()), default, _tape);
        var names = _model.named_modules().ToDictionary(m => (object)m.Item2, m => m.Item1, ReferenceEqualityComparer.Instance);
        var gradients = _tape.TakeGradients().ToDictionary(g => $"{names[g.Key.Module]}.{g.Key.Parameter}", g => g.Value);
        return [.. _model.TrainableParameters().Select(p => gradients[p.Name])];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        _tape.Dispose();
    }
}
