using Lacuna.Figures;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>The tables of figures on the terminal; what is drawn is for a report.</summary>
internal static class FigureScreen
{
    public static void PrintTables(Host host, IEnumerable<Figure> figures)
    {
        foreach (var figure in figures)
        {
            foreach (var panel in figure.Panels.OfType<TablePanel>())
            {
                var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape($"{figure.Title}: {panel.Title}")) };
                foreach (var head in panel.Heads) table.AddColumn(new TableColumn(Markup.Escape(head)));
                foreach (var row in panel.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
                host.Screen.Write(table);
            }
            host.Out.WriteLine();
        }
    }
}
