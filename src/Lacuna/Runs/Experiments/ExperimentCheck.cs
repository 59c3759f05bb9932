using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;

namespace Lacuna.Runs.Experiments;

/// <summary>Finds what would fail later, before anything is computed or written: forget sets that the data has not, networks that do not fit it, methods that do not fit the networks.</summary>
public static class ExperimentCheck
{
    /// <summary>Checks a plan against its data.</summary>
    /// <exception cref="ExperimentFileException">Something does not fit; the message names the task's line.</exception>
    public static void Run(ExperimentPlan plan, LoadedData data, Compute compute, Action<string> note)
    {
        foreach (var task in plan.Tasks)
        {
            try
            {
                foreach (var seed in plan.Seeds) task.Forget.Split(data.Train, new DrawSource(seed), data.Test);
                using var model = Open(task.Model, data.Train, note);
                task.Model.Recipe?.CheckFits(model);
                task.Model.Recipe?.CheckRunsOn(compute.Device);
                foreach (var recipe in task.Methods.Select(method => method.Options).OfType<TrainingOptions>()) recipe.CheckRunsOn(compute.Device);
                foreach (var method in task.Methods) method.CheckFits(model);
                PassPlan.Of(model, compute.Kernels);
            }
            catch (Exception e) when (e is ArgumentException or ForgetSetException or DataFileException or Models.Checkpoints.CheckpointException)
            {
                throw new ExperimentFileException(plan.File, task.Line, $"task '{task.Name}': {e.Message}", e);
            }
        }
    }

    /// <summary>A task's network: that of the checkpoint, or one with new weights.</summary>
    /// <param name="model">Which.</param>
    /// <param name="train">What it is for.</param>
    /// <param name="note">Told of what is odd in a file.</param>
    internal static Classifier Open(PlannedModel model, ImageSet train, Action<string> note)
    {
        if (model.Checkpoint is not { } path) return ModelZoo.Create(model.Architecture!, model.ShapeFor(train), seed: 0);
        var loaded = ModelFile.Load(path, model.Architecture, model.ShapeFor(train), note, model.TorchScript ? new ScriptTerms(model.Normalisation) : null);
        var options = loaded.Options;
        if ((options.Channels, options.Height, options.Width) == (train.Channels, train.Height, train.Width) && options.Classes >= train.ClassCount) return loaded;
        loaded.Dispose();
        throw new ArgumentException($"{path} is for {options.Classes} classes of {options.Channels}x{options.Height}x{options.Width} images, but {train.Name} has {train.ClassCount} classes of {train.Channels}x{train.Height}x{train.Width}.");
    }
}
