using CommandLine;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.InstanceWise;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of instance-wise, run or profiled.</summary>
internal abstract class UnlearnInstanceWise : InstanceOptions
{
    [Option("goal", Default = InstanceGoal.Misclassify, HelpText = "What the images are turned into.")]
    public InstanceGoal Goal { get; set; }

    [Option("new-label", HelpText = "With --goal relabel: the label for all forget images (default: as --rule says).")]
    public int? NewLabel { get; set; }

    [Option("rule", Default = RelabelRule.Drawn, HelpText = "With --goal relabel and no --new-label: another label drawn per image, or the likeliest wrong one.")]
    public RelabelRule Rule { get; set; }

    [Option("adversarial", Default = 20, HelpText = "Adversarial images per forget image.")]
    public int AdversarialImages { get; set; } = 20;

    [Option("eps", Default = 4.0, HelpText = "Radius of the attack, L2 norm in [0,1] pixels; 1 to 5.")]
    public double Epsilon { get; set; } = 4;

    [Option("attack-step", Default = 0.1, HelpText = "Step of the attack.")]
    public double AttackStep { get; set; } = 0.1;

    [Option("attack-steps", Default = 100, HelpText = "Steps of the attack.")]
    public int AttackSteps { get; set; } = 100;

    [Option("adversarial-batch", Default = 256, HelpText = "Adversarial images a step.")]
    public int AdversarialBatchSize { get; set; } = 256;

    [Option("importance", Default = ImportanceKind.MasPerSample, HelpText = "Measure of weight importance.")]
    public ImportanceKind Importance { get; set; }

    [Option("lambda", Default = 1.0, HelpText = "Weight of the pull towards the original weights.")]
    public double Lambda { get; set; } = 1;

    protected override InstanceWiseOptions Settings() => Shared() with
    {
        Goal = Goal, NewLabel = NewLabel, Rule = Rule, AdversarialImages = AdversarialImages, Attack = new L2Pgd(Epsilon, AttackStep, AttackSteps),
        AdversarialBatchSize = AdversarialBatchSize, Importance = Importance, Lambda = Lambda,
    };
}
