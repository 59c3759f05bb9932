using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>
/// While it lives, the model is in eval mode and no parameter asks for a gradient, so that backward passes compute the
/// input's only. Disposing restores both.
/// </summary>
public sealed class FrozenWeights : IDisposable
{
    private readonly Classifier _model;
    private readonly bool _wasTraining;
    private readonly List<TorchSharp.Modules.Parameter> _frozen = [];

    /// <param name="model">Its mode and flags are remembered.</param>
    public FrozenWeights(Classifier model)
    {
        _model = model;
        _wasTraining = model.training;
        model.eval();
        foreach (var (_, parameter) in model.TrainableParameters())
        {
            if (!parameter.requires_grad) continue;
            parameter.requires_grad = false;
            _frozen.Add(parameter);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _frozen) parameter.requires_grad = true;
        _frozen.Clear();
        _model.train(_wasTraining);
    }
}
