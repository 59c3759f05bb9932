using Lacuna.Reports;
using Lacuna.Runs;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>A result table on the terminal.</summary>
internal static class ResultScreen
{
    public static void Print(Host host, ResultTable result)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(result.Title)) };
        for (var column = 0; column < TableCells.Heads.Count; column++)
        {
            var head = new TableColumn(Markup.Escape(TableCells.Heads[column]));
            table.AddColumn(column == 0 || column >= TableCells.FirstWordsColumn ? head : head.RightAligned().NoWrap());
        }
        foreach (var row in result.Rows) table.AddRow([.. TableCells.Of(row).Select(Markup.Escape)]);
        host.Screen.Write(table);
        host.Out.WriteLine();
    }
}
