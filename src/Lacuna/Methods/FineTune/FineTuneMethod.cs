using Lacuna.Methods.Training;
using Lacuna.Models;

namespace Lacuna.Methods.FineTune;

/// <summary>
/// The simplest baseline: the original trained further on the retain rows, in the hope that it forgets the rest by itself.
/// </summary>
public sealed class FineTuneMethod : IUnlearningMethod
{
    /// <summary>Published setting (Fan et al. 2024): learning rate 0.01, 10 epochs, batch 256, no warm-up.</summary>
    public static TrainingOptions Defaults { get; } = new() { Epochs = 10, BatchSize = 256, LearningRate = 0.01, WarmupShare = 0 };

    private readonly TrainingOptions _options;

    /// <param name="options">The recipe.</param>
    public FineTuneMethod(TrainingOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "fine-tune";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public void CheckFits(Classifier original)
    {
        Check.HasTrainableWeights(original, Name);
        _options.CheckFits(original);
    }

    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        CheckFits(original);
        return RetainTraining.Run(ModelZoo.Clone(original), task, _options, cancellation);
    }
}
