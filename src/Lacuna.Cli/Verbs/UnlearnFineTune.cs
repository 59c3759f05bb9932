using CommandLine;
using CommandLine.Text;
using Lacuna.Methods;
using Lacuna.Methods.FineTune;

namespace Lacuna.Cli.Verbs;

[Verb("fine-tune", HelpText = "Baseline: train on, with the retain images only.")]
internal class UnlearnFineTune : RetainOptions
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget class 3", Brief, new UnlearnFineTune { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/finetune" })];

    internal override IUnlearningMethod Method() => new FineTuneMethod(Recipe(FineTuneMethod.Defaults));
}
