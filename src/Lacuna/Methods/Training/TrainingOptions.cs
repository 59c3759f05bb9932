using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>
/// Recipe of ordinary training: SGD with momentum on the mean cross-entropy; the learning rate rises linearly during the
/// first steps and then falls along half a cosine to zero (Loshchilov and Hutter 2017).
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data.</summary>
    public int Epochs { get; init; } = 6;

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of SGD.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Nesterov's form of momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Share of every label's weight that is spread over all classes (Szegedy et al. 2016); 0 for plain labels.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Share of all steps during which the learning rate rises.</summary>
    public double WarmupShare { get; init; } = 0.25;

    /// <summary>Changes made to training images.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>Share of the epochs, the first ones, that see random crops of side <see cref="EarlySize"/>; 0 for none. Such an epoch costs (EarlySize / side)^2 of a whole one
    /// (progressive resizing, as in Tan and Le 2021, with crops in place of scaling).</summary>
    public double EarlyShare { get; init; }

    /// <summary>Side of the images of the early epochs in pixels.</summary>
    public int EarlySize { get; init; }

    /// <summary>In what type the network multiplies.</summary>
    public Precision Precision { get; init; }

    /// <summary>How many epochs <see cref="EarlyShare"/> makes.</summary>
    internal int EarlyEpochs => (int)Math.Round(EarlyShare * Epochs);

    /// <summary>Learning rate of step <paramref name="step"/> of <paramref name="total"/>.</summary>
    public double LearningRateAt(int step, int total)
    {
        var warmup = WarmupShare * total;
        if (step < warmup) return LearningRate * (step + 1) / (warmup + 1);
        return LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / Math.Max(1, total - warmup)));
    }

    /// <summary>Throws when a network cannot be trained by this recipe.</summary>
    public void CheckFits(Classifier model)
    {
        if (EarlyEpochs > 0 && !model.TakesOtherSizes)
            throw new ArgumentException($"{model.Architecture} takes images of one size alone, and the recipe begins with {EarlyEpochs} epochs on images of {EarlySize}x{EarlySize}. Set the early share to 0.");
    }

    /// <summary>Throws when the recipe's precision cannot be had on a device, with what to do.</summary>
    public void CheckRunsOn(Device device) => TrainingArithmetic.Check(Precision, device, TensorStack.Current);

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.AtLeast(Epochs, 1, nameof(Epochs));
        Check.AtLeast(BatchSize, 2, nameof(BatchSize));
        Check.Positive(LearningRate, nameof(LearningRate));
        Check.Within(Momentum, 0, 1, nameof(Momentum));
        Check.NotNegative(WeightDecay, nameof(WeightDecay));
        Check.Within(EarlyShare, 0, 1, nameof(EarlyShare));
        if (EarlyShare > 0) Check.AtLeast(EarlySize, 1, nameof(EarlySize));
        Check.Within(WarmupShare, 0, 1, nameof(WarmupShare));
        Check.Within(LabelSmoothing, 0, 1, nameof(LabelSmoothing));
        Augmentation.Validate();
    }
}
