using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;

namespace Lacuna.Runs.Demo;

/// <summary>
/// Options for <c>cnn-s</c> on the bundled Fashion-MNIST subset, fixed for all classes and seeds. They were chosen by looking at
/// retain accuracy on this very set, for several classes and seeds, the default ones among them.
/// </summary>
public static class DemoRecipe
{
    /// <summary>What a class is forgotten from.</summary>
    public static TrainingPreset Training => TrainingPresets.FashionCnnS;

    /// <summary>What single images are forgotten from.</summary>
    public static TrainingPreset TrainingToTheEnd => TrainingPresets.FashionCnnSToTheEnd;

    /// <summary>Ten epochs, where published vectors took ten to 190: enough on this set.</summary>
    public static ForgetVectorOptions ForgetVector { get; } = new() { Epochs = 10 };

    /// <summary>The defaults, which were found on this data.</summary>
    public static MuMisOptions MuMis { get; } = new();

    /// <summary>
    /// Each image is given the likeliest wrong label. Radius 1.5 is where targeted attacks on these 28x28 grey images begin
    /// to succeed; 40 adversarial images each stand in for the rest.
    /// </summary>
    public static InstanceWiseOptions InstanceWise { get; } = new()
    {
        Goal = InstanceGoal.Relabel, Rule = RelabelRule.Nearest, AdversarialImages = 40, AdversarialBatchSize = 128, Attack = new L2Pgd(1.5, 0.1, 40),
        LearningRate = 0.03, Momentum = 0.5, Lambda = 0.5, MaxPasses = 20,
    };

    /// <summary>
    /// Plain negative gradient with the published learning rate and momentum: no adversarial images, no pull. Its loss has no
    /// lower bound; thirty steps are where it has done what it can before its numbers overflow.
    /// </summary>
    public static InstanceWiseOptions NegativeGradient { get; } = new() { AdversarialImages = 0, Lambda = 0, MaxPasses = 30 };

    /// <summary>Methods for a forgotten class, the oracle first.</summary>
    public static IReadOnlyList<IUnlearningMethod> ForClass { get; } =
        [new RetrainMethod(Training.Recipe), new ForgetVectorMethod(ForgetVector), new MuMisMethod(MuMis)];

    /// <summary>Methods for single images.</summary>
    public static IReadOnlyList<IUnlearningMethod> ForInstances { get; } =
        [new InstanceWiseMethod(NegativeGradient), new InstanceWiseMethod(InstanceWise)];
}
