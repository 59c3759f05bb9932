using System.Globalization;
using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;

namespace Lacuna.Cli.Verbs;

[Verb("experiment", HelpText = "Run an experiment that a YAML file or a preset describes; given again, it goes on where it stopped.")]
internal sealed class ExperimentVerb : CommonOptions, IVerb
{
    [Value(0, MetaName = "FILE", HelpText = "A YAML file, or a preset's name; docs/experiments.md shows the keys.")]
    public string? Source { get; set; }

    [Option("list", HelpText = "List the presets.")]
    public bool List { get; set; }

    [Option("out", HelpText = "Folder for the results: new, empty, or that of the same experiment, to go on with it (default: runs/NAME).")]
    public string? Out { get; set; }

    [Option("data", HelpText = "Data in place of what the experiment names. " + Words.Data)]
    public string? Data { get; set; }

    [Option("seeds", HelpText = "Seeds in place of the experiment's, for example 1,2,3.")]
    public string? Seeds { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("The experiment of the report, with one seed", Brief, new ExperimentVerb { Source = "bundled", Seeds = "1", Out = "runs/bundled" })];

    public int Run(Host host)
    {
        if (List) return Presets(host);
        var plan = Changed(ExperimentPresets.Open(Source ?? throw new UsageException("FILE is missing. Write a YAML file or a preset's name behind the verb; 'lacuna experiment --list' names the presets.")));
        var compute = OpenCompute(host);
        var path = Out ?? Path.Combine("runs", plan.Name);
        using var progress = new ProgressLine(host, Quiet);
        void Note(string text)
        {
            progress.Clear();
            host.Warn(text);
        }
        var data = DataSets.Open(plan.Data, new DataChoice.Relay(progress), host.Interrupt);
        ExperimentCheck.Run(plan, data, compute, Note);
        var config = ExperimentConfig.Of(plan, data, host.Command);
        using var folder = ExperimentFolder.Open(path, config, Note);
        var result = Go(new(plan, data, compute, folder, NetworkCache.Default, host.Clock, progress, Note), config, host, path);
        progress.Clear();
        if (Json) host.WriteJson(result);
        else
        {
            ExperimentScreen.Print(host, result);
            host.Out.WriteLine(FormattableString.Invariant($"This took {result.TotalSeconds:0.0} s. Results are in {path}. 'lacuna help metrics' explains the columns."));
        }
        return result.Tasks.Any(task => task.Studies.Any(study => study.Failure is not null)) ? ExitCode.Failed : ExitCode.Done;
    }

    private static ExperimentResult Go(ExperimentContext context, ExperimentConfig config, Host host, string path)
    {
        try
        {
            return ExperimentRun.Run(context, config, host.Interrupt);
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine($"What is finished is in {path}; the same command goes on from there.");
            throw;
        }
    }

    private ExperimentPlan Changed(ExperimentPlan plan)
    {
        ulong[] seeds = [.. (Seeds?.Split(',') ?? []).Select(text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed : throw new UsageException($"--seeds is '{Seeds}'; write whole numbers with commas between them, for example 1,2,3."))];
        if (seeds.Distinct().Count() < seeds.Length) throw new UsageException("--seeds names a seed twice; the second run would only repeat the first.");
        return plan with { Data = Data is null ? plan.Data : plan.Data with { Location = Data }, Seeds = seeds.Length > 0 ? seeds : plan.Seeds };
    }

    private int Presets(Host host)
    {
        var plans = ExperimentPresets.Names.Select(ExperimentPresets.Read).ToList();
        if (Json) host.WriteJson(plans.Select(plan => new { plan.Name, plan.About, plan.Source, Data = plan.Data.Location, plan.Seeds, Tasks = plan.Tasks.Select(task => task.Forget.ToString()), plan.Expected, plan.ExpectedNote }));
        else
        {
            foreach (var plan in plans)
            {
                host.Out.WriteLine($"{plan.Name}  (data: {plan.Data.Location})");
                host.Out.WriteLine("  " + plan.About.ReplaceLineEndings(" ").Trim());
                if (plan.Source is { } source) host.Out.WriteLine("  Source: " + source.ReplaceLineEndings(" ").Trim());
            }
        }
        return ExitCode.Done;
    }
}
