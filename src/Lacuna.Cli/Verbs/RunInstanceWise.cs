using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("instance-wise", HelpText = "Misclassify or relabel chosen images; adversarial examples and weight importance keep the rest (arXiv 2301.11578).")]
internal sealed class RunInstanceWise : UnlearnInstanceWise
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget the images listed in a file", Brief, new RunInstanceWise { Checkpoint = "runs/mine/model.safetensors", Forget = "indices:forget.txt", Epsilon = 1.5, Out = "runs/instances" })];
}
