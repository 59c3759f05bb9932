using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("retrain", HelpText = "The oracle: train anew on the retain images. Give it the recipe of the original.")]
internal sealed class RunRetrain : UnlearnRetrain
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("The oracle for class 3", Brief, new RunRetrain { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/oracle" })];
}
