using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("compose", HelpText = "Profile forget-vector arithmetic.")]
internal sealed class ProfileCompose : UnlearnCompose
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } =
    [
        new("Where the time for composing two vectors goes", Brief, new ProfileCompose
        {
            Checkpoint = "runs/mine/model.safetensors", Vectors = ["runs/fv0/forget-vector.safetensors", "runs/fv1/forget-vector.safetensors"], Forget = "random:10%@class:0,1",
        }),
    ];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
