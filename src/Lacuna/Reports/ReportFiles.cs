using Lacuna.Data;
using Lacuna.Figures;
using Lacuna.Reports.Charts;
using Lacuna.Reports.Html;

namespace Lacuna.Reports;

/// <summary>Writes a report: the page, and beside it a folder with every figure as SVG and PNG and its numbers as CSV.</summary>
public static class ReportFiles
{
    // Names the files of the last report, so that the next one can replace them and touches nothing else.
    private const string List = "lacuna-report.txt";

    /// <summary>Writes all files. A report of ours that stands there is replaced.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="path">The page, NAME.html; the folder is NAME-files beside it.</param>
    /// <param name="cancellation">Checked before every file.</param>
    /// <exception cref="IOException">Something else stands there; nothing was written.</exception>
    public static ReportFilesResult Write(Report report, string path, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(path) + "-files";
        var parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var folder = Path.Combine(parent, name);
        CheckPage(path);
        var old = CheckFolder(folder);
        // Made whole before the first file is written: what cannot be drawn leaves everything as it was.
        var page = HtmlReport.Of(report, name);
        var palette = new Palette(report.Sections.SelectMany(section => section.Figures).SelectMany(figure => figure.Figure.Panels));
        // With the folder of the page, where that is missing.
        Directory.CreateDirectory(folder);
        var missing = SvgPicture.Missing();
        var written = new List<string>();
        foreach (var section in report.Sections)
        {
            foreach (var figure in section.Figures)
            {
                for (var i = 0; i < figure.Figure.Panels.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    foreach (var (ending, bytes) in Forms(figure, figure.Figure.Panels[i], palette, missing is null))
                    {
                        written.Add(NameOf(section, figure, i) + ending);
                        AtomicFile.Write(Path.Combine(folder, written[^1]), file => file.Write(bytes));
                    }
                }
            }
        }
        foreach (var stale in old.Except(written)) File.Delete(Path.Combine(folder, stale));
        AtomicFile.WriteAllText(Path.Combine(folder, List), string.Concat(written.Select(file => file + "\n")));
        AtomicFile.WriteAllText(path, page);
        return new(path, folder, written.Count, missing);
    }

    /// <summary>Name of a panel's files without ending.</summary>
    internal static string NameOf(ReportSection section, ReportFigure figure, int panel) =>
        FormattableString.Invariant($"{section.Id}-{figure.Figure.Id}{(figure.Figure.Panels.Count > 1 ? $"-{panel + 1}" : "")}");

    /// <summary>The bytes of a picture panel's file.</summary>
    /// <exception cref="DataFileException">It is not there, or no PNG file.</exception>
    internal static byte[] Picture(PicturePanel picture, string folder)
    {
        var path = Path.Combine(folder, picture.File);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"cannot be read ({e.Message}). A figure beside it shows this picture; bring it back, or run again what wrote it.", e);
        }
        return bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
            ? bytes : throw new DataFileException(path, "is no PNG file. Run again what wrote it.");
    }

    private static IEnumerable<(string Ending, byte[] Bytes)> Forms(ReportFigure figure, Panel panel, Palette palette, bool pixels)
    {
        if (panel is PicturePanel picture) yield return (".png", Picture(picture, figure.Folder));
        if (Chart.Svg(panel, palette) is { } svg)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(svg);
            yield return (".svg", bytes);
            if (pixels) yield return (".png", SvgPicture.Png(bytes));
        }
        if (PanelTable.Of(panel) is { } table) yield return (".csv", System.Text.Encoding.UTF8.GetBytes(table.Csv()));
    }

    private static void CheckPage(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder. Name a file with --out, for example {Path.Combine(path, "report.html")}.");
        if (File.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))) throw new IOException($"{path}: {Path.GetDirectoryName(path)} is a file, not a folder. Name another file with --out.");
        if (!File.Exists(path)) return;
        using var reader = new StreamReader(path);
        var head = new char[2000];
        var read = reader.ReadBlock(head);
        if (!head.AsSpan(0, read).Contains(HtmlReport.Generator, StringComparison.Ordinal)) throw new IOException($"{path} is there already and is no report of Lacuna's. Name another file with --out, or remove it.");
    }

    /// <summary>The files of an earlier report there.</summary>
    private static string[] CheckFolder(string folder)
    {
        if (File.Exists(folder)) throw new IOException($"{folder} is a file, where a folder for the report's figures must be. Name another file with --out, or remove it.");
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return [];
        var list = Path.Combine(folder, List);
        if (!File.Exists(list)) throw new IOException($"{folder} is not empty and is no folder of a report. Name another file with --out, or remove it.");
        return [.. File.ReadAllLines(list).Where(name => name.Length > 0 && Path.GetFileName(name) == name)];
    }
}
