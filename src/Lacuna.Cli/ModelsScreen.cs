using System.Globalization;
using Lacuna.Models;
using Spectre.Console;

namespace Lacuna.Cli;

/// <summary>The list of networks on the terminal.</summary>
internal static class ModelsScreen
{
    public static void Print(Host host, IReadOnlyList<ZooRow> rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var head in (string[])["Name", "Form", "Image", "Takes"]) table.AddColumn(new TableColumn(head).NoWrap());
        foreach (var head in (string[])["Classes", "Parameters", "GMACs"]) table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Passes").NoWrap());
        table.AddColumn("What it is");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Name,
                row.Form?.ToString().ToLowerInvariant() ?? (row.Patch is { } patch ? $"patch {patch}" : "–"),
                $"{row.Channels}x{row.Height}x{row.Width}",
                row.Accepts,
                row.Classes.ToString(CultureInfo.InvariantCulture),
                row.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                (row.MultiplyAdds / 1e9).ToString("0.000", CultureInfo.InvariantCulture),
                row.Compiled ? "compiled" : "general",
                Markup.Escape(row.About));
        }
        host.Screen.Write(table);
        host.Out.WriteLine();
        host.Out.WriteLine("GMACs: billions of multiply-adds for one image, in convolutions, linear layers and attention; a multiply-add counts as one. Passes: see --passes of the other verbs.");
    }
}
