using Lacuna.Evaluation;
using Spectre.Console;

namespace Lacuna.Cli.Verbs;

/// <summary><c>lacuna help metrics</c>: what every figure means and where it should be.</summary>
internal static class MetricsHelp
{
    public static int Print(Host host)
    {
        foreach (var metric in MetricDefinitions.All)
        {
            host.Screen.MarkupLineInterpolated($"[bold]{metric.Symbol}[/], {metric.Name}");
            foreach (var line in (string[])[metric.Definition, "Good: " + metric.Direction, "Source: " + metric.Source])
                host.Screen.Write(new Padder(new Text(line), new Spectre.Console.Padding(2, 0, 0, 0)));
            host.Out.WriteLine();
        }
        return ExitCode.Done;
    }
}
