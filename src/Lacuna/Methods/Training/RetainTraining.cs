using Lacuna.Models;

namespace Lacuna.Methods.Training;

/// <summary>Training on the retain rows of a task: what retrain and fine-tune share.</summary>
internal static class RetainTraining
{
    /// <summary>Takes the model over: it belongs to the outcome, or is disposed when training fails.</summary>
    public static UnlearningOutcome Run(Classifier model, UnlearningTask task, TrainingOptions options, CancellationToken cancellation)
    {
        try
        {
            model.to(task.Device);
            var losses = Trainer.Train(model, task.Train, task.Split.Retain, options, task.Draws, task.Compute, task.Progress, cancellation);
            return Outcome(model, task.Split.Retain.Length, options, losses);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What such a training leaves.</summary>
    /// <param name="model">Belongs to the outcome.</param>
    /// <param name="images">Images trained on.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="losses">Mean loss of every epoch.</param>
    public static UnlearningOutcome Outcome(Classifier model, int images, TrainingOptions options, IReadOnlyList<double> losses) => new()
    {
        Model = model,
        Steps = options.Epochs * ((images + options.BatchSize - 1) / options.BatchSize),
        StopReason = $"all {options.Epochs} epochs done",
        Converged = true,
        Trace = new Dictionary<string, IReadOnlyList<double>> { ["loss"] = losses },
    };
}
