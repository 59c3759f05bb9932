using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("mu-mis", HelpText = "Profile MU-Mis.")]
internal sealed class ProfileMuMis : UnlearnMuMis
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } = [new("Where the time for class 3 goes", Brief, new ProfileMuMis { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3" })];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
