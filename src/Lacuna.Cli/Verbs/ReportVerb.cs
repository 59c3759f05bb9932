using CommandLine;
using CommandLine.Text;
using Lacuna.Reports;

namespace Lacuna.Cli.Verbs;

[Verb("report", HelpText = "One HTML page of what runs found, with its figures as SVG, PNG and CSV files beside it.")]
internal sealed class ReportVerb : IVerb
{
    [Value(0, MetaName = "RUN...", Required = true, HelpText = "Folders that demo, unlearn or experiment wrote.")]
    public IEnumerable<string> Runs { get; set; } = [];

    [Option("out", HelpText = "The page; figures go into the folder NAME-files beside it (default: report.html in the run's folder).")]
    public string? Out { get; set; }

    [Option("json", HelpText = Words.Json)]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("A page of one run", new UnParserSettings { SkipDefault = true }, new ReportVerb { Runs = ["runs/demo-20260101-120000"], Out = "report.html" })];

    public int Run(Host host)
    {
        string[] runs = [.. Runs];
        if (Out is null && runs.Length > 1) throw new UsageException("Several runs make one report: name its file with --out, for example --out report.html.");
        var path = Out ?? Path.Combine(runs[0], "report.html");
        if (!path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"--out is '{path}'; a report is an HTML file, for example report.html.");
        var result = ReportFiles.Write(ReportReader.Read(runs), path, host.Interrupt);
        if (result.Missing is { } missing) host.Warn($"figures were written as SVG and CSV files only: {missing}");
        if (Json) host.WriteJson(result);
        else host.Out.WriteLine(FormattableString.Invariant($"Saved {result.Page}, and {result.Files} files of its figures in {result.Folder}"));
        return ExitCode.Done;
    }
}
