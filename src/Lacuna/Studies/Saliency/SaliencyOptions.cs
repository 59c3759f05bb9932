using Lacuna.Methods;

namespace Lacuna.Studies.Saliency;

/// <summary>How many images, and which class their maps explain.</summary>
public sealed record SaliencyOptions
{
    /// <summary>Whose logit is explained. The predicted class is what the tool that the published code names takes unless it is told otherwise.</summary>
    public ExplainedClass ExplainedClass { get; init; } = ExplainedClass.Predicted;

    /// <summary>Forget images on the sheet.</summary>
    public int ShownForget { get; init; } = 4;

    /// <summary>Retain images on the sheet, of different classes as far as there are.</summary>
    public int ShownRetain { get; init; } = 4;

    /// <summary>Forget images, and as many retain images, over which maps are compared.</summary>
    public int Sample { get; init; } = 300;

    /// <summary>Images a batch.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.AtLeast(ShownForget, 1, nameof(ShownForget));
        Check.AtLeast(ShownRetain, 1, nameof(ShownRetain));
        // Chance is measured on pairs of different images.
        Check.AtLeast(Sample, 2, nameof(Sample));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
    }
}
