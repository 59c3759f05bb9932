using CommandLine;
using CommandLine.Text;
using Lacuna.Data.Downloads;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

[Verb("get", HelpText = "Download a public set into the data folder (LACUNA_DATA, else the cache), checked against its published hash. A broken download goes on where it stopped.")]
internal sealed class DataGet : IVerb
{
    [Value(0, MetaName = "NAME", Required = true, HelpText = "cifar10, cifar100, cifar20 (CIFAR-100 by its super-classes), mnist or fashion-mnist.")]
    public string Name { get; set; } = "";

    [Option("from", HelpText = "A mirror in place of the set's home: an address or a folder that holds its files under their published names.")]
    public string? From { get; set; }

    [Option("json", HelpText = Words.Json)]
    public bool Json { get; set; }

    [Option("quiet", HelpText = Words.Quiet)]
    public bool Quiet { get; set; }

    [Usage(ApplicationAlias = "lacuna data")]
    public static IEnumerable<Example> Examples { get; } = [new("CIFAR-10, 170 MB", new UnParserSettings { SkipDefault = true }, new DataGet { Name = "cifar10" })];

    public int Run(Host host)
    {
        var set = PublicSets.Find(Name) ?? throw new UsageException($"'{Name}' is no set that can be downloaded. There are {PublicSets.Names}; data of your own is named by its folder.");
        var home = DataHome.Default;
        string folder;
        using (var client = FileDownload.NewClient())
        using (var progress = new ProgressLine(host, Quiet))
        {
            folder = new SetDownload(new FileDownload(client, TimeSpan.FromMinutes(1), new Relay(progress)), home).RunAsync(set, From, host.Interrupt).GetAwaiter().GetResult();
            progress.Clear();
        }
        if (Json) host.WriteJson(new { set.Name, folder, set.Home, Files = home.Find(set) });
        else host.Out.WriteLine($"{set.Name} is in {folder}, as published; use it with --data {Name}. Its terms: {set.Home}");
        return ExitCode.Done;
    }

    private sealed class Relay(IProgress<RunProgress> target) : IProgress<DownloadProgress>
    {
        // Kilobytes, because progress counts in 32 bits.
        public void Report(DownloadProgress value) => target.Report(new("download " + value.File, (int)(value.Bytes / 1000), (int)(value.Total / 1000),
            FormattableString.Invariant($"{value.Bytes / 1e6:0.0} of {value.Total / 1e6:0.0} MB")));
    }
}
