namespace Lacuna.Numerics;

/// <summary>What a random number is for. Each purpose has its own stream, so adding draws for one never moves another's.</summary>
/// <remarks>The values are part of every result ever written: append, never renumber.</remarks>
public enum DrawPurpose : uint
{
    /// <summary>Dividing a data set into parts.</summary>
    Split = 1,

    /// <summary>Choosing the images to forget.</summary>
    ForgetSet = 2,

    /// <summary>The order of a training epoch.</summary>
    Shuffle = 3,

    /// <summary>Crops, flips and other changes of training images.</summary>
    Augmentation = 4,

    /// <summary>The seed of weight initialisation.</summary>
    WeightInit = 5,

    /// <summary>The irrelevant class of MU-Mis.</summary>
    IrrelevantClass = 6,

    /// <summary>The class an attack aims at.</summary>
    AttackTarget = 7,

    /// <summary>Where an attack starts.</summary>
    AttackStart = 8,

    /// <summary>The forget vector's first value.</summary>
    ForgetVectorInit = 9,

    /// <summary>The images a membership attack is trained on.</summary>
    MembershipSample = 10,

    /// <summary>Directions of numerical checks and probes.</summary>
    Probe = 11,

    /// <summary>The seed of an epoch's dropout.</summary>
    Dropout = 12,

    /// <summary>Noise added to images whose robustness is measured.</summary>
    GaussianNoise = 28,

    /// <summary>Elastic transformations of images.</summary>
    ElasticTransform = 29,

    /// <summary>The images on which robustness is measured, and those that are shown.</summary>
    RobustnessSample = 30,

    /// <summary>The images whose saliency is looked at.</summary>
    SaliencySample = 31,

    /// <summary>Which irrelevant logits of an image are looked at where there are many.</summary>
    SensitivityLogits = 36,

    /// <summary>The images whose input sensitivities are compared.</summary>
    SensitivitySample = 37,

    /// <summary>The images on which a method is measured while it runs.</summary>
    TrajectorySample = 38,
    /// <summary>The coefficients at which a composition of forget vectors starts.</summary>
    CompositionStart = 32,

    /// <summary>The retain images on which a plane of coefficients is looked at.</summary>
    CompositionSample = 33,

    /// <summary>The groups of single images that are forgotten one after another.</summary>
    SequenceGroups = 34,
    /// <summary>The seeds of shadow networks that are trained with the forget images.</summary>
    ShadowOriginal = 20,

    /// <summary>The seeds of shadow networks that are trained without them.</summary>
    ShadowRetrained = 21,
    /// <summary>The weights of the untrained network that ZRF compares with.</summary>
    RandomNetwork = 24,

    /// <summary>The images whose representation is looked at.</summary>
    RepresentationSample = 25,

    /// <summary>The order in which images are learned again.</summary>
    RelearningOrder = 26,
}
