using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>What a forward pass leaves for the passes after it: gates, inputs, and on demand the adjoints and weight products. Owns all of it.</summary>
/// <param name="kernels">Do the gates.</param>
/// <param name="records">Whether passes will follow; without, nothing is kept.</param>
internal sealed class FrozenTape(TensorKernels kernels, bool records) : IDisposable
{
    private readonly Dictionary<(FrozenStage Stage, string What), Tensor> _kept = [];
    private readonly Dictionary<FrozenLayer, Tensor> _products = [];

    /// <summary>Do the gates.</summary>
    public TensorKernels Kernels => kernels;

    /// <summary>Whether passes will follow.</summary>
    public bool Records => records;

    /// <summary>Names under which adjoints are kept during a pass back, one a seed, or found again during a tangent's, then one; none when nobody asks for them.</summary>
    public IReadOnlyList<string> Adjoints { get; set; } = [];

    /// <summary>Whether a tangent pass multiplies what it brings to each layer with the adjoints there.</summary>
    public bool Multiplies { get; set; }

    /// <summary>Told of every layer that a pass back meets, with its input and the gradient by its output; null where nobody asks.</summary>
    public Action<FrozenLayer, Tensor, Tensor>? Meets { get; init; }

    /// <summary>Whether the next pass back is the last: what a layer kept is let go when it has been used.</summary>
    public bool EndsWithPassBack { get; init; }

    /// <summary>Bytes that lie in what was kept; several handles to the same memory count once.</summary>
    public long Bytes => _kept.Values.DistinctBy(TensorStack.Current.DataPointer).Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>Lets go of what a stage kept, where the pass back that has used it is the last one.</summary>
    public void LetGo(FrozenStage stage)
    {
        if (!EndsWithPassBack) return;
        foreach (var key in _kept.Keys.Where(key => key.Stage == stage).ToList())
        {
            _kept.Remove(key, out var tensor);
            tensor!.Dispose();
        }
    }

    /// <summary>Takes a tensor over: this very one, since to autograd another handle of the same memory is another tensor. Does nothing when no passes follow.</summary>
    public void Own(FrozenStage stage, string what, Tensor tensor)
    {
        if (!records) return;
        if (_kept.Remove((stage, what), out var old)) old.Dispose();
        _kept[(stage, what)] = tensor.DetachFromDisposeScope();
    }

    /// <summary>Keeps a handle of its own to a tensor's memory.</summary>
    public void Keep(FrozenStage stage, string what, Tensor tensor) => Own(stage, what, tensor.detach());

    /// <summary>Keeps a gradient by a layer's output, which holds the seeds' one behind another, under their names.</summary>
    public void KeepAdjoints(FrozenLayer layer, Tensor gradient)
    {
        if (Adjoints.Count == 0) return;
        var rows = gradient.size(0) / Adjoints.Count;
        for (var i = 0; i < Adjoints.Count; i++)
        {
            using var part = gradient.narrow(0, i * rows, rows);
            Keep(layer, Adjoints[i], part);
        }
    }

    /// <summary>The gradient by a layer's output that was kept under the one name asked for.</summary>
    public Tensor Adjoint(FrozenLayer layer) => this[layer, Adjoints[0]];

    /// <summary>What was kept.</summary>
    public Tensor this[FrozenStage stage, string what] => _kept[(stage, what)];

    /// <summary>Adds to the gradient by a layer's folded weight.</summary>
    public void AddProduct(FrozenLayer layer, Tensor product)
    {
        if (_products.TryGetValue(layer, out var sum)) sum.add_(product);
        else _products[layer] = product.alias().DetachFromDisposeScope();
    }

    /// <summary>The gradient by a layer's folded weight.</summary>
    public Tensor ProductOf(FrozenLayer layer) => _products[layer];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _kept.Values) tensor.Dispose();
        foreach (var tensor in _products.Values) tensor.Dispose();
        _kept.Clear();
        _products.Clear();
    }
}
