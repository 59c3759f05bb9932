using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("mu-mis", HelpText = "Suppress the images' contribution; needs the forget images only (arXiv 2402.15109).")]
internal sealed class RunMuMis : UnlearnMuMis
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget class 3", Brief, new RunMuMis { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/mumis" })];
}
