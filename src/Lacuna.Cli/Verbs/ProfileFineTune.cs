using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("fine-tune", HelpText = "Profile training on with the retain images.")]
internal sealed class ProfileFineTune : UnlearnFineTune
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } = [new("Where the time for class 3 goes", Brief, new ProfileFineTune { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3" })];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
