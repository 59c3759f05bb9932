using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;

namespace Lacuna.Runs.Demo;

/// <summary>
/// Options for <c>cnn-s</c> on the bundled Fashion-MNIST subset. Found on seeds and classes apart from the default ones;
/// fixed for all classes and seeds.
/// </summary>
public static class DemoRecipe
{
    /// <summary>Architecture of the demo.</summary>
    public const string Architecture = "cnn-s";

    /// <summary>Six epochs reach 94 % of the training and 88 % of the test images.</summary>
    public static TrainingOptions Training { get; } = new();

    /// <summary>Ten of the published forty epochs: later ones change nothing on this set.</summary>
    public static ForgetVectorOptions ForgetVector { get; } = new() { Epochs = 10 };

    /// <summary>Step size for images in [0,1] of 28x28; batches of 100.</summary>
    public static MuMisOptions MuMis { get; } = new();

    /// <summary>The published setting with the radius scaled to the smaller grey images.</summary>
    public static InstanceWiseOptions InstanceWise { get; } = new() { Attack = new L2Pgd(1.5, 0.1, 50) };

    /// <summary>The same step without adversarial images and without the pull.</summary>
    public static InstanceWiseOptions NegativeGradient { get; } = InstanceWise with { AdversarialImages = 0, Lambda = 0 };

    /// <summary>Methods for a forgotten class, the oracle first.</summary>
    public static IReadOnlyList<IUnlearningMethod> ForClass { get; } =
        [new RetrainMethod(Training), new ForgetVectorMethod(ForgetVector), new MuMisMethod(MuMis)];

    /// <summary>Methods for single images.</summary>
    public static IReadOnlyList<IUnlearningMethod> ForInstances { get; } =
        [new InstanceWiseMethod(NegativeGradient), new InstanceWiseMethod(InstanceWise)];
}
