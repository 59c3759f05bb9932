using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.TorchScript;

namespace Lacuna.Methods.Retrain;

/// <summary>
/// The oracle: a new network with new weights, trained by the recipe of the original on the retain rows only. What every
/// method is measured against.
/// </summary>
public sealed class RetrainMethod : IUnlearningMethod
{
    private readonly TrainingOptions _options;

    /// <param name="options">The recipe the original was trained by.</param>
    public RetrainMethod(TrainingOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "retrain";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public void CheckFits(Classifier original)
    {
        if (original is ScriptedClassifier)
            throw new ArgumentException("retrain starts from new weights, and a TorchScript module does not say how its weights were drawn. Train it without the forget images where it was made, and give that as --oracle to the other methods.");
        _options.CheckFits(original);
    }

    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        CheckFits(original);
        var model = ModelZoo.Create(original.Architecture, original.Options, task.Draws.Seed);
        return RetainTraining.Run(model, task, _options, cancellation);
    }
}
