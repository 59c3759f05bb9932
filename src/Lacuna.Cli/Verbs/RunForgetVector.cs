using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("forget-vector", HelpText = "One perturbation, added to every input; the network stays as it is (arXiv 2412.16780).")]
internal sealed class RunForgetVector : UnlearnForgetVector
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget class 3", Brief, new RunForgetVector { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/fv" })];
}
