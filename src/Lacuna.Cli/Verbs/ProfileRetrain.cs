using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("retrain", HelpText = "Profile training anew without the forget images.")]
internal sealed class ProfileRetrain : UnlearnRetrain
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } = [new("Where the time for class 3 goes", Brief, new ProfileRetrain { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3" })];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
