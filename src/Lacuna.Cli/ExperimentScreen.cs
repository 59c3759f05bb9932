using Lacuna.Reports;
using Lacuna.Runs.Experiments;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>The results of an experiment on the terminal.</summary>
internal static class ExperimentScreen
{
    public static void Print(Host host, ExperimentResult result)
    {
        foreach (var task in result.Tasks)
        {
            var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(SummaryCells.Title(task))) };
            for (var column = 0; column < SummaryCells.Heads.Count; column++)
            {
                var head = new TableColumn(Markup.Escape(SummaryCells.Heads[column]));
                table.AddColumn(column == 0 || column == SummaryCells.Heads.Count - 1 ? head : head.RightAligned().NoWrap());
            }
            foreach (var row in task.Summary) table.AddRow([.. SummaryCells.Of(row).Select(Markup.Escape)]);
            host.Screen.Write(table);
            host.Out.WriteLine();
            foreach (var study in task.Studies) host.Out.WriteLine(ExperimentMarkdown.Study(study));
        }
        foreach (var finding in result.Expected) host.Out.WriteLine(SummaryCells.Of(finding));
        if (result.ExpectedNote is { } note) host.Out.WriteLine("Expected: " + note.Trim());
    }
}
