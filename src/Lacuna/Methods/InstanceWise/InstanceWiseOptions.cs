using Lacuna.Methods.Attacks;

namespace Lacuna.Methods.InstanceWise;

/// <summary>What the forget images are turned into.</summary>
public enum InstanceGoal
{
    /// <summary>Any label but their own.</summary>
    Misclassify,

    /// <summary>A prescribed label, or one drawn per image.</summary>
    Relabel,
}

/// <summary>Which label a relabelled image is given when none is prescribed.</summary>
public enum RelabelRule
{
    /// <summary>One of the others, drawn uniformly per image.</summary>
    Drawn,

    /// <summary>The likeliest of the others under the original model: the smallest change that makes the image wrong.</summary>
    Nearest,
}

/// <summary>How batch norm works while the weights are updated.</summary>
public enum BatchNormMode
{
    /// <summary>Running statistics, which stay as they are.</summary>
    Eval,

    /// <summary>Batch statistics, as in the published code; the running statistics drift with the forget and adversarial batches.</summary>
    Train,
}

/// <summary>
/// Options of instance-wise unlearning (Cha et al. 2024, AAAI 38(10), arXiv 2301.11578). Defaults are those of the
/// published CIFAR-10 run: 20 adversarial images each, step 0.1, 100 steps, learning rate 1e-3, momentum 0.9, weight decay
/// 1e-4, lambda 1.
/// </summary>
public sealed record InstanceWiseOptions
{
    /// <summary>Misclassify or relabel.</summary>
    public InstanceGoal Goal { get; init; } = InstanceGoal.Misclassify;

    /// <summary>For <see cref="InstanceGoal.Relabel"/>: the label for all forget images; null leaves it to <see cref="Rule"/>.</summary>
    public int? NewLabel { get; init; }

    /// <summary>For <see cref="InstanceGoal.Relabel"/> without <see cref="NewLabel"/>: where each image's label comes from.</summary>
    public RelabelRule Rule { get; init; } = RelabelRule.Drawn;

    /// <summary>Adversarial images per forget image; 0 leaves the retain term out.</summary>
    public int AdversarialImages { get; init; } = 20;

    /// <summary>The attack that makes them: epsilon as an L2 norm over one image in [0,1].</summary>
    public L2Pgd Attack { get; init; } = new(4, 0.1, 100);

    /// <summary>Images per batch of attacks.</summary>
    public int AttackBatchSize { get; init; } = 320;

    /// <summary>Measure of weight importance.</summary>
    public ImportanceKind Importance { get; init; } = ImportanceKind.MasPerSample;

    /// <summary>Weight of the pull towards the original weights.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>Learning rate of SGD.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of SGD.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Forget images a step.</summary>
    public int ForgetBatchSize { get; init; } = 32;

    /// <summary>Adversarial images a step.</summary>
    public int AdversarialBatchSize { get; init; } = 256;

    /// <summary>Batch norm during updates.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Eval;

    /// <summary>Passes over the adversarial images at most.</summary>
    public int MaxPasses { get; init; } = 1000;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    /// <param name="classes">Classes of the model.</param>
    public void Validate(int classes)
    {
        Check.AtLeast(AdversarialImages, 0, nameof(AdversarialImages));
        Check.Positive(Attack.Epsilon, "Epsilon");
        Check.Positive(Attack.StepSize, "StepSize");
        Check.AtLeast(Attack.Steps, 1, "Steps");
        Check.AtLeast(AttackBatchSize, 1, nameof(AttackBatchSize));
        Check.NotNegative(Lambda, nameof(Lambda));
        Check.Positive(LearningRate, nameof(LearningRate));
        Check.Within(Momentum, 0, 1, nameof(Momentum));
        Check.NotNegative(WeightDecay, nameof(WeightDecay));
        Check.AtLeast(ForgetBatchSize, 1, nameof(ForgetBatchSize));
        Check.AtLeast(AdversarialBatchSize, 1, nameof(AdversarialBatchSize));
        Check.AtLeast(MaxPasses, 1, nameof(MaxPasses));
        if (NewLabel is { } label && (label < 0 || label >= classes))
            throw new ArgumentException($"NewLabel is {label}; the model has the classes 0 to {classes - 1}.");
        if (NewLabel is not null && Goal != InstanceGoal.Relabel)
            throw new ArgumentException("NewLabel is given, but the goal is to misclassify; choose the goal relabel.");
    }
}
