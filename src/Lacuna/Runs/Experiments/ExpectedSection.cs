using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Lacuna.Runs.Experiments;

/// <summary>Reads where figures should lie: task, then row, then metric: [low, high]; or a sentence that says why there is nothing to compare with.</summary>
internal static class ExpectedSection
{
    public static (IReadOnlyList<ExpectedRange> Ranges, string? Note) Read(YamlSection root, IReadOnlyList<PlannedTask> tasks)
    {
        if (root.Node("expected") is not { } node) return ([], null);
        if (node is YamlScalarNode { Value: { } note }) return ([], note);
        var ranges = new List<ExpectedRange>();
        var byTask = new YamlSection(root.File, node, "expected", [.. tasks.Select(task => task.Name)]);
        foreach (var task in tasks.Where(task => byTask.Has(task.Name)))
        {
            string[] rows = [Lacuna.Studies.Subject.Original, .. task.Methods.Select(method => method.Name)];
            var byRow = new YamlSection(root.File, byTask.Node(task.Name)!, $"the expectation of {task.Name}", rows);
            foreach (var row in rows.Where(byRow.Has))
            {
                var byMetric = new YamlSection(root.File, byRow.Node(row)!, $"the expectation of {row}", SummaryMetrics.Symbols);
                ranges.AddRange(SummaryMetrics.Symbols.Where(byMetric.Has).Select(metric => Range(byMetric, task.Name, row, metric)));
            }
        }
        return (ranges, null);
    }

    private static ExpectedRange Range(YamlSection section, string task, string row, string metric)
    {
        var node = section.Node(metric)!;
        double[] ends = [.. section.List(metric).Select(end => double.TryParse(section.Scalar(end, metric), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : double.NaN)];
        return ends is [var low, var high] && low <= high ? new(task, row, metric, low, high) : throw new ExperimentFileException(section.File, node.Start.Line, $"'{metric}' must be a range of two numbers: [low, high].");
    }
}
