using Lacuna.Methods;

namespace Lacuna.Studies.Relearning;

/// <summary>How models learn the forget images again: one recipe for all. The defaults take seconds for <c>cnn-s</c> on the bundled data.</summary>
public sealed record RelearningOptions
{
    /// <summary>Constant learning rate of SGD.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Forget images a step; fewer where there are fewer.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Retain images a step. With none a whole class is relearned by a shift of its bias alone, and every model is quick; with some the model must tell the class from others.
    /// </summary>
    public int RetainImages { get; init; } = 32;

    /// <summary>Points below the original's forget accuracy at which the images count as learned again.</summary>
    public double Margin { get; init; } = 5;

    /// <summary>Steps at most.</summary>
    public int MaxSteps { get; init; } = 100;

    /// <summary>Forget images on which accuracy is measured before the first and after every step; fewer where there are fewer.</summary>
    public int MeasuredImages { get; init; } = 300;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.Positive(LearningRate, nameof(LearningRate));
        Check.Within(Momentum, 0, 0.999, nameof(Momentum));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
        Check.AtLeast(RetainImages, 0, nameof(RetainImages));
        Check.Within(Margin, 0, 100, nameof(Margin));
        Check.AtLeast(MaxSteps, 1, nameof(MaxSteps));
        Check.AtLeast(MeasuredImages, 1, nameof(MeasuredImages));
    }
}
