namespace Lacuna.Methods.MuMis;

/// <summary>
/// Options of MU-Mis (Cheng et al. 2024, arXiv 2402.15109). The paper tunes step size and threshold per task and does not
/// publish them; the defaults here were found on the bundled data. The gradient's scale depends on the network and on the
/// pixels' unit, so the step size is the one value to adapt to a new model.
/// </summary>
public sealed record MuMisOptions
{
    /// <summary>Step size of plain SGD.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Threshold on s_t / s_0, the irrelevant sensitivity against its starting value, at which a rising run ends.</summary>
    public double Delta { get; init; } = 2;

    /// <summary>Forget images a step; 0 takes all of them.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Steps at most: the objective has no lower bound, so a cap is part of the method.</summary>
    public int MaxSteps { get; init; } = 300;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.Positive(LearningRate, nameof(LearningRate));
        Check.Positive(Delta, nameof(Delta));
        Check.AtLeast(BatchSize, 0, nameof(BatchSize));
        Check.AtLeast(MaxSteps, 1, nameof(MaxSteps));
    }
}
