using CommandLine;
using Lacuna.Peers;
using Lacuna.Runs;
using System.Text.Json;

if (args is [PeakMemory.Verb, var request]) return Guarded(() =>
{
    Console.Out.WriteLine(JsonSerializer.Serialize(PeakMemory.Measure(request), RunJson.Compact));
    return 0;
});
var parsed = new Parser(settings => settings.HelpWriter = Console.Error).ParseArguments<PeerOptions>(args);
return parsed.MapResult(options => Guarded(() => Run(options)), _ => 2);

static int Run(PeerOptions options)
{
    options.Validate();
    var folder = options.Out is null ? null : new PeerFolder(options.Out);
    PeerReport Merged(PeerReport report) => folder?.Merge(report) ?? report;
    var report = Merged(Comparison.Run(options, Console.Error.WriteLine, begun => Merged(begun), rows => folder?.Write(Merged(rows))));
    Console.Out.Write(options.Json ? JsonSerializer.Serialize(report, RunJson.Options) + Environment.NewLine : PeerTable.Markdown(report));
    return report.Rows.All(row => row.Agreement.Holds) ? 0 : 1;
}

static int Guarded(Func<int> work)
{
    try
    {
        return work();
    }
    catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or JsonException)
    {
        Console.Error.WriteLine("error: " + e.Message);
        return e is ArgumentException ? 2 : 1;
    }
}
