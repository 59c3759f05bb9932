using CommandLine;
using Lacuna.Peers;
using System.Text.Json;

var parsed = new Parser(settings => settings.HelpWriter = Console.Error).ParseArguments<PeerOptions>(args);
return parsed.MapResult(Run, _ => 2);

static int Run(PeerOptions options)
{
    try
    {
        options.Validate();
        var report = Comparison.Run(options, line => Console.Error.WriteLine(line));
        if (options.Out is not null)
        {
            Directory.CreateDirectory(options.Out);
            File.WriteAllText(Path.Combine(options.Out, "peers.json"), JsonSerializer.Serialize(report, Lacuna.Runs.RunJson.Options));
            File.WriteAllText(Path.Combine(options.Out, "peers.md"), PeerTable.Markdown(report));
        }
        Console.Out.Write(options.Json ? JsonSerializer.Serialize(report, Lacuna.Runs.RunJson.Options) + Environment.NewLine : PeerTable.Markdown(report));
        return report.Rows.All(row => row.Agrees) ? 0 : 1;
    }
    catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine("error: " + e.Message);
        return e is ArgumentException ? 2 : 1;
    }
}
