using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("forget-vector", HelpText = "Profile a forget vector.")]
internal sealed class ProfileForgetVector : UnlearnForgetVector
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } = [new("Where the time for class 3 goes", Brief, new ProfileForgetVector { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3" })];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
