using CommandLine;
using CommandLine.Text;
using Lacuna.Runs;
using Lacuna.Runs.Demo;

namespace Lacuna.Cli.Verbs;

[Verb("demo", HelpText = "Train on bundled data, forget with all three methods, compare with retraining.")]
internal sealed class DemoVerb : CommonOptions, IVerb
{
    [Option("out", HelpText = "Folder for the results; must be new or empty (default: runs/demo-DATE-TIME).")]
    public string? Out { get; set; }

    [Option("class", Default = 0, HelpText = "Class of Fashion-MNIST to forget, 0 to 9.")]
    public int ForgetClass { get; set; }

    [Option("instances", Default = 16, HelpText = "Random training images to forget one by one.")]
    public int Instances { get; set; }

    [Option("seed", Default = 1UL, HelpText = "Seed of everything random.")]
    public ulong Seed { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Forget trousers", Brief, new DemoVerb { ForgetClass = 1, Out = "runs/trousers" })];

    public int Run(Host host)
    {
        if (ForgetClass is < 0 or > 9) throw new UsageException($"--class is {ForgetClass}; Fashion-MNIST has the classes 0 to 9.");
        if (Instances < 1) throw new UsageException($"--instances is {Instances}; it must be at least 1.");
        var compute = OpenCompute(host);
        var directory = RunDirectory.Create(Out ?? Path.Combine("runs", $"demo-{host.Clock.GetLocalNow():yyyyMMdd-HHmmss}"));
        using var progress = new ProgressLine(host, Quiet);
        var result = DemoRun.Run(new DemoOptions { ForgetClass = ForgetClass, Instances = Instances, Seed = Seed }, host.Command, compute, directory, host.Clock, progress, host.Interrupt);
        progress.Clear();
        if (Json) host.WriteJson(result);
        else
        {
            foreach (var table in result.Tables) ResultScreen.Print(host, table);
            host.Out.WriteLine(FormattableString.Invariant($"Everything took {result.TotalSeconds:0.0} s. Results are in {directory.Path}. 'lacuna help metrics' explains the columns."));
        }
        return ExitCode.Done;
    }
}
