using System.Text.Json;
using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Runs;

namespace Lacuna.Reports;

/// <summary>Figures as files of their own, FOLDER/ID.json.</summary>
public static class FigureFiles
{
    /// <summary>All of a folder, by file name; none where there is no such folder.</summary>
    /// <exception cref="DataFileException">A file there is no figure's record, or its parts do not fit together.</exception>
    public static IReadOnlyList<ReportFigure> Read(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => new ReportFigure(One(file), folder))];
    }

    private static Figure One(string file)
    {
        Figure? figure;
        try
        {
            using var stream = File.OpenRead(file);
            figure = JsonSerializer.Deserialize<Figure>(stream, RunJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new DataFileException(file, $"is no figure's record ({e.Message}). Remove it, or run again what wrote it.", e);
        }
        if (figure is null) throw new DataFileException(file, "is empty. Remove it, or run again what wrote it.");
        if (FigureCheck.Problem(figure) is { } problem) throw new DataFileException(file, $"is no figure's record: {problem}. Remove it, or run again what wrote it.");
        return figure;
    }
}
