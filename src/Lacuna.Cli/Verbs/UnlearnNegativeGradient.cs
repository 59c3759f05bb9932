using CommandLine;
using CommandLine.Text;
using Lacuna.Methods.InstanceWise;

namespace Lacuna.Cli.Verbs;

[Verb("negative-gradient", HelpText = "Baseline: ascend the cross-entropy of the forget images until none keeps its label.")]
internal class UnlearnNegativeGradient : InstanceOptions
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget 16 random images", Brief, new UnlearnNegativeGradient { Checkpoint = "runs/mine/model.safetensors", Forget = "random:16", Out = "runs/negative" })];

    protected override InstanceWiseOptions Settings() => Shared() with { AdversarialImages = 0, Lambda = 0 };
}
