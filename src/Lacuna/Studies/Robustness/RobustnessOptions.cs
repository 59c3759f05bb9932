using Lacuna.Evaluation.Corruptions;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;

namespace Lacuna.Studies.Robustness;

/// <summary>Which shifts, and on how many images. The defaults are the shifts of the forget-vector paper's figure.</summary>
public sealed record RobustnessOptions
{
    /// <summary>Standard deviations of Gaussian noise, in units of [0,1].</summary>
    public IReadOnlyList<double> Noise { get; init; } = [0.08, 0.2];

    /// <summary>Elastic transformations, in pixels of an image of 244 pixels: ImageNet-C's severities 1 and 2.</summary>
    public IReadOnlyList<ElasticTransform> Elastic { get; init; } = [new(488, 170.8, 24.4), new(488, 19.52, 48.8)];

    /// <summary>The attack; null for none.</summary>
    public LinfPgd? Attack { get; init; } = new(8 / 255.0, 2 / 255.0, 7);

    /// <summary>Against which model it is made.</summary>
    public AttackedModel AttackedModel { get; init; } = AttackedModel.Original;

    /// <summary>Retain images that are evaluated, drawn once for all subjects and shifts; 0 for all of them.</summary>
    public int RetainImages { get; init; } = 2000;

    /// <summary>Images that are shown under every shift, from the forget, the retain and the test images in turn; 0 for no picture.</summary>
    public int ShownImages { get; init; } = 4;

    /// <summary>Images a batch.</summary>
    public int BatchSize { get; init; } = 250;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        foreach (var deviation in Noise) new GaussianNoise(deviation).Validate();
        foreach (var elastic in Elastic) elastic.Validate();
        if (Attack is { } attack)
        {
            Check.Positive(attack.Epsilon, nameof(attack.Epsilon));
            Check.Positive(attack.StepSize, nameof(attack.StepSize));
            Check.AtLeast(attack.Steps, 1, nameof(attack.Steps));
        }
        Check.AtLeast(RetainImages, 0, nameof(RetainImages));
        Check.AtLeast(ShownImages, 0, nameof(ShownImages));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
    }
}
