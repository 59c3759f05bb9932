using System.Text.Json;
using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Runs;
using Lacuna.Runs.Bench;
using Spectre.Console;

namespace Lacuna.Cli.Verbs;

[Verb("bench", HelpText = "How fast each kernel is: bytes, GB/s, share of a plain copy, against the tensor library's operators, error against float64.")]
internal sealed class BenchVerb : CommonOptions, IVerb
{
    private const long Megabyte = 1 << 20;

    [Option("only", Separator = ',', HelpText = "Words; only operations whose name contains one of them.")]
    public IEnumerable<string> Only { get; set; } = [];

    [Option("sizes", Separator = ',', HelpText = "Megabytes of the largest tensor (default: 1,4,16,64).")]
    public IEnumerable<int> Sizes { get; set; } = [];

    [Option("samples", Default = 9, HelpText = "Measurements of each, of which the median counts.")]
    public int Samples { get; set; }

    [Option("csv", HelpText = "Print comma-separated values.")]
    public bool Csv { get; set; }

    [Option("markdown", HelpText = "Print a markdown table.")]
    public bool Markdown { get; set; }

    [Option("out", HelpText = "A folder for the figures as bench.json, bench.csv and bench.md, besides what is printed.")]
    public string? Out { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Measure two operations at one size", Brief, new BenchVerb { Only = ["norms", "sgd"], Sizes = [16] })];

    public int Run(Host host)
    {
        if (new[] { Json, Csv, Markdown }.Count(chosen => chosen) > 1) throw new UsageException("Choose one of --json, --csv and --markdown.");
        if (Samples < 1) throw new UsageException($"--samples is {Samples}; it must be at least 1.");
        int[] sizes = Sizes.Any() ? [.. Sizes] : [1, 4, 16, 64];
        if (sizes.Any(s => s < 1)) throw new UsageException($"--sizes is {string.Join(',', sizes)}; every size must be at least 1.");
        var compute = OpenCompute(host);
        if (!compute.Kernels.HasNative(compute.Device))
            throw new InvalidOperationException($"On {compute.Device} the tensor library's operators do the kernels' work, so there is nothing to compare them with. Leave --kernels out, and on CUDA bring the kernels with --ptx or a build with ILGPU.");
        var bench = KernelBench.For(compute, host.Clock, Samples);
        BenchReport report;
        using (var progress = new ProgressLine(host, Quiet))
            report = bench.Run(BenchCases.Find([.. Only]), [.. sizes.Select(s => s * Megabyte)], progress, host.Interrupt);
        if (Out is not null)
        {
            Directory.CreateDirectory(Out);
            AtomicFile.WriteAllText(Path.Combine(Out, "bench.json"), JsonSerializer.Serialize(report, RunJson.Options));
            AtomicFile.WriteAllText(Path.Combine(Out, "bench.csv"), BenchCells.Csv(report));
            AtomicFile.WriteAllText(Path.Combine(Out, "bench.md"), BenchCells.Markdown(report));
        }
        if (Json) host.WriteJson(report);
        else if (Csv) host.Out.Write(BenchCells.Csv(report));
        else if (Markdown) host.Out.Write(BenchCells.Markdown(report));
        else Print(host, report);
        return ExitCode.Done;
    }

    private static string Escape(string text) => Spectre.Console.Markup.Escape(text);

    private static void Print(Host host, BenchReport report)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Escape(BenchCells.Title(report))) };
        for (var column = 0; column < BenchCells.Heads.Count; column++)
        {
            var head = new TableColumn(Escape(BenchCells.Heads[column]));
            table.AddColumn(column < BenchCells.WordColumns ? head : head.RightAligned().NoWrap());
        }
        foreach (var row in report.Rows) table.AddRow([.. BenchCells.Of(row).Select(Escape)]);
        host.Screen.Write(table);
        host.Out.WriteLine();
    }
}
