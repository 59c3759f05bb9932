using CommandLine;
using Lacuna.Data;
using Lacuna.Peers;
using Lacuna.Runs;
using System.Text.Json;

var parsed = new Parser(settings => settings.HelpWriter = Console.Error).ParseArguments<PeerOptions>(args);
return parsed.MapResult(Run, _ => 2);

static int Run(PeerOptions options)
{
    try
    {
        options.Validate();
        if (options.Out is not null) Directory.CreateDirectory(options.Out);
        var report = Comparison.Run(options, Console.Error.WriteLine, so =>
        {
            if (options.Out is null) return;
            AtomicFile.WriteAllText(Path.Combine(options.Out, "peers.json"), JsonSerializer.Serialize(so, RunJson.Options));
            AtomicFile.WriteAllText(Path.Combine(options.Out, "peers.md"), PeerTable.Markdown(so));
        });
        Console.Out.Write(options.Json ? JsonSerializer.Serialize(report, RunJson.Options) + Environment.NewLine : PeerTable.Markdown(report));
        return report.Rows.All(row => row.Agrees) ? 0 : 1;
    }
    catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine("error: " + e.Message);
        return e is ArgumentException ? 2 : 1;
    }
}
