using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("compose", HelpText = "Forget-vector arithmetic: a weighted sum of finished vectors; only the weights are learned (arXiv 2412.16780).")]
internal sealed class RunCompose : UnlearnCompose
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } =
    [
        new("Forget random images of two classes", Brief, new RunCompose
        {
            Checkpoint = "runs/mine/model.safetensors", Vectors = ["runs/fv0/forget-vector.safetensors", "runs/fv1/forget-vector.safetensors"], Forget = "random:10%@class:0,1", Out = "runs/composed",
        }),
    ];
}
