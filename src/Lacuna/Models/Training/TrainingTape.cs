using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>What a forward pass leaves for the one back, and the gradients that this finds. Owns all of it.</summary>
/// <param name="kernels">Do the work.</param>
internal sealed class TrainingTape(TensorKernels kernels) : IDisposable
{
    private readonly Dictionary<(TrainingStage Stage, string What), Tensor> _kept = [];
    private readonly Dictionary<(nn.Module Module, string Parameter), Tensor> _gradients = [];

    /// <summary>Do the work.</summary>
    public TensorKernels Kernels => kernels;

    /// <summary>Takes a tensor over: this very one, since to autograd another handle of the same memory is another tensor.</summary>
    public void Own(TrainingStage stage, string what, Tensor tensor) => _kept.Add((stage, what), tensor.DetachFromDisposeScope());

    /// <summary>Keeps a handle of its own to a tensor's memory.</summary>
    public void Keep(TrainingStage stage, string what, Tensor tensor) => Own(stage, what, tensor.detach());

    /// <summary>What was kept.</summary>
    public Tensor this[TrainingStage stage, string what] => _kept[(stage, what)];

    /// <summary>What was kept; null where nothing was.</summary>
    public Tensor? Find(TrainingStage stage, string what) => _kept.GetValueOrDefault((stage, what));

    /// <summary>Lets go of it. Does nothing where nothing was kept.</summary>
    public void Release(TrainingStage stage, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_kept.Remove((stage, name), out var tensor)) tensor.Dispose();
        }
    }

    /// <summary>The gradient by a parameter.</summary>
    /// <param name="module">Whose it is.</param>
    /// <param name="parameter">Its name there.</param>
    /// <param name="gradient">Taken over.</param>
    public void AddGradient(nn.Module module, string parameter, Tensor gradient) => _gradients.Add((module, parameter), gradient.DetachFromDisposeScope());

    /// <summary>Hands the gradients over, each by its module and its name there.</summary>
    public IReadOnlyDictionary<(nn.Module Module, string Parameter), Tensor> TakeGradients()
    {
        var taken = new Dictionary<(nn.Module, string), Tensor>(_gradients);
        _gradients.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _kept.Values) tensor.Dispose();
        foreach (var tensor in _gradients.Values) tensor.Dispose();
        _kept.Clear();
        _gradients.Clear();
    }
}
