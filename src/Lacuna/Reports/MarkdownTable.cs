using System.Text;
using Lacuna.Runs;

namespace Lacuna.Reports;

/// <summary>A result table as markdown.</summary>
public static class MarkdownTable
{
    /// <summary>Title and table, ending in a line break.</summary>
    public static string Of(ResultTable table)
    {
        var text = new StringBuilder();
        text.Append($"**{table.Title}**\n\n");
        text.Append("| ").AppendJoin(" | ", TableCells.Heads).Append(" |\n|");
        for (var column = 0; column < TableCells.Heads.Count; column++)
            text.Append(column == 0 || column >= TableCells.FirstWordsColumn ? " --- |" : " ---: |");
        text.Append('\n');
        foreach (var row in table.Rows) text.Append("| ").AppendJoin(" | ", TableCells.Of(row)).Append(" |\n");
        return text.ToString();
    }
}
