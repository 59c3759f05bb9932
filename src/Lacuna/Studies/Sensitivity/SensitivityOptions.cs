using Lacuna.Methods;

namespace Lacuna.Studies.Sensitivity;

/// <summary>Options of the input-sensitivity study. Ten classes and a thousand images cost about ten thousand backward passes of one image a model.</summary>
public sealed record SensitivityOptions
{
    /// <summary>Forget images and retain images looked at, at most so many of each, drawn by the seed; 0 takes all.</summary>
    public int Images { get; init; } = 500;

    /// <summary>Irrelevant logits an image, at most: nine are all of ten classes. With more classes so many are drawn for each image, the same for every model.</summary>
    public int IrrelevantLogits { get; init; } = 9;

    /// <summary>Images a forward pass.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.AtLeast(Images, 0, nameof(Images));
        Check.AtLeast(IrrelevantLogits, 1, nameof(IrrelevantLogits));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
    }
}
