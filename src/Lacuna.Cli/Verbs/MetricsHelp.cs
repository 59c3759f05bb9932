using Lacuna.Evaluation;
using Spectre.Console;

namespace Lacuna.Cli.Verbs;

/// <summary><c>lacuna help metrics</c>: what every figure means and where it should be; with a name behind it, one figure.</summary>
internal static class MetricsHelp
{
    public static int Print(Host host)
    {
        foreach (var metric in MetricDefinitions.All) Print(host, metric);
        return ExitCode.Done;
    }

    /// <exception cref="UsageException">There is no such figure.</exception>
    public static int Print(Host host, string symbol)
    {
        Print(host, MetricDefinitions.Find(symbol)
            ?? throw new UsageException($"There is no figure named '{symbol}'. Those there are: {string.Join(", ", MetricDefinitions.All.Select(metric => metric.Symbol))}."));
        return ExitCode.Done;
    }

    private static void Print(Host host, MetricDefinition metric)
    {
        host.Screen.MarkupLineInterpolated($"[bold]{metric.Symbol}[/], {metric.Name}");
        (string Head, string? Text)[] parts =
        [
            ("", metric.Definition), ("Members: ", metric.Members), ("Non-members: ", metric.NonMembers), ("Good: ", metric.Direction),
            ("Oracle: ", metric.OracleValue), ("Known defects: ", metric.Defects), ("Source: ", metric.Source),
        ];
        foreach (var (head, text) in parts)
        {
            if (text is not null) host.Screen.Write(new Padder(new Text(head + text), new Spectre.Console.Padding(2, 0, 0, 0)));
        }
        host.Out.WriteLine();
    }
}
