using System.Globalization;
using System.Text;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>The results of an experiment as markdown.</summary>
public static class ExperimentMarkdown
{
    /// <summary>Everything that the terminal shows too, and the table of every seed.</summary>
    public static string Of(ExperimentResult result)
    {
        var text = new StringBuilder();
        text.Append($"# {result.Name}\n\n");
        if (result.About.Length > 0) text.Append($"{result.About.Trim()}\n\n");
        if (result.Source is { } source) text.Append($"Source: {source.Trim()}\n\n");
        foreach (var task in result.Tasks)
        {
            text.Append($"## {task.Name}\n\n**{SummaryCells.Title(task)}**\n\n");
            text.Append("| ").AppendJoin(" | ", SummaryCells.Heads).Append(" |\n|");
            for (var column = 0; column < SummaryCells.Heads.Count; column++) text.Append(column == 0 || column == SummaryCells.Heads.Count - 1 ? " --- |" : " ---: |");
            text.Append('\n');
            foreach (var row in task.Summary) text.Append("| ").AppendJoin(" | ", SummaryCells.Of(row)).Append(" |\n");
            text.Append('\n');
            foreach (var seed in task.Seeds) text.Append(CultureInfo.InvariantCulture, $"Seed {seed.Seed}: ").Append(MarkdownTable.Of(seed.Table)).Append('\n');
            foreach (var study in task.Studies) text.Append($"* {Study(study)}\n");
            if (task.Studies.Count > 0) text.Append('\n');
        }
        foreach (var finding in result.Expected) text.Append($"* {SummaryCells.Of(finding)}\n");
        if (result.ExpectedNote is { } note) text.Append($"\nExpected: {note.Trim()}\n");
        return text.ToString();
    }

    /// <summary>A line about a study.</summary>
    public static string Study(StudyResult study) =>
        study.Failure is { } failure ? $"{study.Name} failed: {failure}"
        : study.LeftOut is { } reason ? $"{study.Name} left out: {reason}"
        : string.Create(CultureInfo.InvariantCulture, $"{study.Name}: {string.Join(", ", study.Figures)} ({study.Seconds:0.0} s)");
}
