namespace Lacuna.Methods.Composition;

/// <summary>
/// Options of forget-vector arithmetic (Sun et al. 2024, arXiv 2412.16780). Loss, momentum, weight decay, decay and batch are those of the authors' code;
/// which learning rate and how many epochs they used for coefficients is not published: the defaults here were found on the bundled data.
/// </summary>
public sealed record CompositionOptions
{
    /// <summary>Weight of the cross-entropy on retain rows.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Weight of the margin hinge on forget rows.</summary>
    public double Beta { get; init; } = 5;

    /// <summary>Weight of the coefficients' norm.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>Margin by which a forget row must be misclassified before it is left alone.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>Starting point.</summary>
    public CompositionStart Start { get; init; } = CompositionStart.Zero;

    /// <summary>Learning rate of the first epoch.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Factor on the learning rate after every epoch; 1 for none.</summary>
    public double Decay { get; init; } = 0.9;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of SGD on the coefficients.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Images a batch, forget and retain rows mixed.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>The run ends after an epoch that moved the coefficients by less than this share of their norm; 0 runs every epoch. Small, since coefficients may start far from zero and move slowly.</summary>
    public double MinimalChange { get; init; } = 1e-4;

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
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
        Check.AtLeast(Epochs, 1, nameof(Epochs));
        Check.Within(MinimalChange, 0, 1, nameof(MinimalChange));
    }
}
