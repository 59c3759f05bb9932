using Lacuna.Kernels;

namespace Lacuna.Methods.ForgetVector;

/// <summary>Where the optimisation starts.</summary>
public enum ForgetVectorStart
{
    /// <summary>All zeros.</summary>
    Zero,

    /// <summary>Standard normal per pixel.</summary>
    Random,
}

/// <summary>
/// Options of the forget vector (Sun et al. 2024, arXiv 2412.16780). Defaults are those of the published vectors: tau 1,
/// learning rate 0.2, SGD momentum 0.9, weight decay 5e-4, decay 0.9 an epoch, batch 256; beta is tuned per class there
/// (3 to 10), and 40 epochs spend 98.5 % of the learning rate.
/// </summary>
public sealed record ForgetVectorOptions
{
    /// <summary>Weight of the cross-entropy on retain rows.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Weight of the margin hinge on forget rows.</summary>
    public double Beta { get; init; } = 5;

    /// <summary>Weight of the penalty.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>Margin by which a forget row must be misclassified before it is left alone.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>Form of the penalty.</summary>
    public ForgetVectorPenalty Penalty { get; init; } = ForgetVectorPenalty.Reference;

    /// <summary>Starting point.</summary>
    public ForgetVectorStart Start { get; init; } = ForgetVectorStart.Zero;

    /// <summary>Learning rate of the first epoch.</summary>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>Factor on the learning rate after every epoch.</summary>
    public double Decay { get; init; } = 0.9;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of SGD on delta.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Images a batch, forget and retain rows mixed.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>
    /// The run ends after an epoch that moved delta by less than this share of its norm: the learning rate falls so fast that later epochs would move it less still. 0 runs every
    /// epoch, as the published code does.
    /// </summary>
    public double MinimalChange { get; init; } = 0.005;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.NotNegative(Alpha, nameof(Alpha));
        Check.NotNegative(Beta, nameof(Beta));
        Check.NotNegative(Lambda, nameof(Lambda));
        Check.NotNegative(Tau, nameof(Tau));
        Check.Positive(LearningRate, nameof(LearningRate));
        Check.Within(Decay, 0, 1, nameof(Decay));
        Check.Within(Momentum, 0, 1, nameof(Momentum));
        Check.NotNegative(WeightDecay, nameof(WeightDecay));
        Check.Within(MinimalChange, 0, 1, nameof(MinimalChange));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
        Check.AtLeast(Epochs, 1, nameof(Epochs));
    }
}
