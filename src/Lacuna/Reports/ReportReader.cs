using Lacuna.Data;

namespace Lacuna.Reports;

/// <summary>Makes a report of the folders that runs leave.</summary>
public static class ReportReader
{
    /// <summary>Reads run folders.</summary>
    /// <param name="folders">In the order of the report.</param>
    /// <exception cref="IOException">A folder is missing, holds no run, or a record in it cannot be read.</exception>
    public static Report Read(IReadOnlyList<string> folders)
    {
        var sections = new List<ReportSection>();
        var runs = new List<ReportRun>();
        var lead = new List<string>();
        string? title = null;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder)) throw new IOException($"{folder}: there is no such folder. Give a folder that demo, unlearn or experiment wrote.");
            var run = RunFolderReader.Run(folder);
            var experiment = ExperimentReader.Read(folder);
            var found = experiment is null ? RunFolderReader.Sections(folder) : experiment.Sections;
            if (experiment is not null)
            {
                if (folders.Count == 1) title = experiment.Title;
                lead.AddRange(experiment.Lead);
            }
            if (found.Count == 0) throw new DataFileException(folder, "holds no results. Give a folder that demo, unlearn or experiment wrote to its end.");
            runs.Add(run);
            foreach (var section in found)
            {
                var id = folders.Count > 1 ? $"{Word(run.Name)}-{section.Id}" : section.Id;
                sections.Add(section with { Id = Unique(id, sections), Title = folders.Count > 1 ? $"{run.Name}: {section.Title}" : section.Title });
            }
        }
        return new(title ?? (folders.Count == 1 ? $"What {runs[0].Name} forgot" : "What was forgotten in several runs"), lead, [.. sections.Select(WithUniqueFigures)], runs);
    }

    /// <summary>A name as a part of links and file names.</summary>
    internal static string Word(string name)
    {
        var word = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')]).Trim('-');
        return word.Length > 0 ? word[..Math.Min(word.Length, 60)] : "run";
    }

    private static string Unique(string id, List<ReportSection> sections) =>
        Enumerable.Range(1, sections.Count + 1).Select(i => i == 1 ? id : FormattableString.Invariant($"{id}-{i}")).First(name => sections.All(section => section.Id != name));

    /// <summary>Files of two figures with one id would overwrite each other.</summary>
    private static ReportSection WithUniqueFigures(ReportSection section)
    {
        var seen = new Dictionary<string, int>();
        return section with
        {
            Figures = [.. FigureOrder.Sorted(section.Figures).Select(figure =>
            {
                var count = seen[figure.Figure.Id] = seen.GetValueOrDefault(figure.Figure.Id) + 1;
                return count == 1 ? figure : figure with { Figure = figure.Figure with { Id = FormattableString.Invariant($"{figure.Figure.Id}-again-{count}") } };
            })],
        };
    }
}
