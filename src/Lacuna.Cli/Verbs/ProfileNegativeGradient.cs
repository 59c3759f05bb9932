using CommandLine;
using CommandLine.Text;

namespace Lacuna.Cli.Verbs;

[Verb("negative-gradient", HelpText = "Profile the baseline that ascends the cross-entropy.")]
internal sealed class ProfileNegativeGradient : UnlearnNegativeGradient
{
    [Option("out", HelpText = ProfileWork.OutHelp)]
    public override string Out { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna profile")]
    public static IEnumerable<Example> Examples { get; } = [new("Where the time for 16 random images goes", Brief, new ProfileNegativeGradient { Checkpoint = "runs/mine/model.safetensors", Forget = "random:16" })];

    public override int Run(Host host) => ProfileWork.Run(this, host);
}
