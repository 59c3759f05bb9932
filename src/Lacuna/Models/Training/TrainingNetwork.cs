using Lacuna.Gpu;
using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>
/// A classifier compiled for training: convolution, batch norm, ReLU and shortcut as few passes over memory, forward and back, with gradients of all weights and none of the images. It works with
/// the classifier's own parameters and modes: batch norms in training mode take the batch's statistics and bring the running ones up to date, those in eval mode take the running ones.
/// </summary>
internal sealed class TrainingNetwork
{
    private readonly Classifier _model;
    private readonly FrozenScaling _scaling;
    private readonly TrainingChain _chain;
    private readonly TensorKernels _kernels;

    private TrainingNetwork(Classifier model, FrozenScaling scaling, TrainingChain chain, TensorKernels kernels) => (_model, _scaling, _chain, _kernels) = (model, scaling, chain, kernels);

    /// <summary>Compiles a classifier; null where it has layers that no stage is made for.</summary>
    /// <param name="model">Must not be disposed before the passes are over.</param>
    /// <param name="kernels">Do the work.</param>
    /// <param name="channelsLast">Whether activations are.</param>
    public static TrainingNetwork? Of(Classifier model, TensorKernels kernels, bool channelsLast)
    {
        if ((model as StagedClassifier)?.Freeze(channelsLast) is not { } frozen) return null;
        TrainingStage[] stages = [.. frozen.Skip(1).Select(stage => stage.InTraining())];
        foreach (var layer in frozen.SelectMany(stage => stage.Layers)) layer.Dispose();
        ((TrainingLayer)stages[0]).IsFirst = true;
        return new(model, (FrozenScaling)frozen[0], new(stages), kernels);
    }

    /// <summary>As <see cref="Of"/>, but null too where the tensor library's own way is to be taken: operators or general passes are asked for, numbers are no float32, or the device is none of the CPU's kernels.</summary>
    public static TrainingNetwork? For(Classifier model, TensorKernels kernels, bool channelsLast) =>
        model.parameters().FirstOrDefault() is { } one && kernels.Passes != PassChoice.General && one.dtype == ScalarType.Float32 && kernels.HasCpuPaths(one.device) ? Of(model, kernels, channelsLast) : null;

    /// <summary>A forward pass, after which one back can follow.</summary>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    public TrainingPass Forward(Tensor images) => new(_model, _scaling, _chain, new TrainingTape(_kernels), images);
}
