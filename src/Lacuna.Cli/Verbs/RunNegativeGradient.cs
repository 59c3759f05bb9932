using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("negative-gradient", HelpText = "Baseline: ascend the cross-entropy of the forget images until none keeps its label.")]
internal sealed class RunNegativeGradient : UnlearnNegativeGradient
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget 16 random images", Brief, new RunNegativeGradient { Checkpoint = "runs/mine/model.safetensors", Forget = "random:16", Out = "runs/negative" })];
}
