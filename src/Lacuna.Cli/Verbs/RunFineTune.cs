using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("fine-tune", HelpText = "Baseline: train on, with the retain images only.")]
internal sealed class RunFineTune : UnlearnFineTune
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget class 3", Brief, new RunFineTune { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/finetune" })];
}
