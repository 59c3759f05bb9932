using Lacuna.Methods;

namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>Options of the study that watches MU-Mis at work.</summary>
public sealed record MuMisTrajectoryOptions
{
    /// <summary>Steps from one measurement to the next.</summary>
    public int Every { get; init; } = 5;

    /// <summary>Retain images, and test images, on which accuracies are taken, at most so many of each; 0 takes all. Of the forget images all are taken.</summary>
    public int Images { get; init; } = 500;

    /// <summary>Forget images whose sensitivities are taken, at most; 0 takes all.</summary>
    public int SensitivityImages { get; init; } = 100;

    /// <summary>Irrelevant logits an image, at most; see the study of input sensitivity.</summary>
    public int IrrelevantLogits { get; init; } = 9;

    /// <summary>How far the run that is watched goes on past the method's stop, as a share of the steps up to it; 0 for not at all.</summary>
    public double PastStop { get; init; } = 0.5;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.AtLeast(Every, 1, nameof(Every));
        Check.AtLeast(Images, 0, nameof(Images));
        Check.AtLeast(SensitivityImages, 0, nameof(SensitivityImages));
        Check.AtLeast(IrrelevantLogits, 1, nameof(IrrelevantLogits));
        Check.Within(PastStop, 0, 10, nameof(PastStop));
    }
}
