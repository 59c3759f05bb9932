using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Lacuna.Data;

/// <summary>A table in a text file after RFC 4180, with a line of column names; commas, semicolons or tabs between the cells.</summary>
internal sealed class CsvTable
{
    private CsvTable(string path, string[] columns, List<(int Line, string[] Cells)> rows) => (Path, Columns, Rows) = (path, columns, rows);

    public string Path { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Each row with the line it begins on, counted from 1.</summary>
    public IReadOnlyList<(int Line, string[] Cells)> Rows { get; }

    /// <summary>Index of a column by its name in any case; -1 where there is none.</summary>
    public int Column(string name) => Array.FindIndex([.. Columns], column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="DataFileException">The file cannot be read, or its rows do not fit its head.</exception>
    public static CsvTable Read(string path)
    {
        var last = 0;
        try
        {
            var delimiter = Delimiter(File.ReadLines(path).FirstOrDefault() ?? "");
            using var reader = new StreamReader(path);
            using var parser = new CsvParser(reader, Settings(delimiter));
            if (!parser.Read()) throw new DataFileException(path, "is empty. Its first line must name the columns.");
            string[] columns = parser.Record!;
            last = parser.RawRow;
            var rows = new List<(int, string[])>();
            while (parser.Read())
            {
                var cells = parser.Record!;
                if (cells.Length != columns.Length)
                    throw new DataFileException(path, $"line {last + 1}: {cells.Length} cells where the first line names {columns.Length} columns. Correct the row; a cell that holds '{delimiter}' must stand in quotation marks.");
                rows.Add((last + 1, cells));
                last = parser.RawRow;
            }
            return new(path, columns, rows);
        }
        catch (BadDataException e)
        {
            throw new DataFileException(path, $"line {last + 1}: a quotation mark inside a cell that is not in quotation marks, or one that is never closed. Put the cell in quotation marks and double those inside (RFC 4180).", e);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw new DataFileException(path, $"cannot be read ({e.Message}). Give the path of a CSV file whose first line names the columns.", e);
        }
    }

    /// <summary>The words of a list with commas between them, of which some may stand in quotation marks.</summary>
    public static IReadOnlyList<string> Fields(string list)
    {
        using var parser = new CsvParser(new StringReader(list), Settings(","));
        try
        {
            return parser.Read() ? parser.Record! : [];
        }
        catch (BadDataException)
        {
            return [list];
        }
    }

    private static CsvConfiguration Settings(string delimiter) => new(CultureInfo.InvariantCulture) { Delimiter = delimiter, TrimOptions = TrimOptions.Trim };

    private static string Delimiter(string head) => new[] { ",", ";", "\t" }.MaxBy(mark => head.Split(mark).Length)!;
}
