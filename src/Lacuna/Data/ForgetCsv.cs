using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// Forget the training images for which a column of a CSV file has one of the given values: <c>people.csv:person=17</c>,
/// <c>people.csv:person=17,23</c>, <c>people.csv:photo:person=17</c> where the files' names stand in the column <c>photo</c>.
/// </summary>
/// <remarks>Values are compared as text, exactly. Rows of test images are passed over.</remarks>
/// <param name="Query">What stands behind <c>csv:</c>.</param>
public sealed record ForgetCsv(string Query) : ForgetSetSpec
{
    /// <summary>Columns that are taken for the files' names, in this order, where none is given.</summary>
    public static IReadOnlyList<string> FileColumns { get; } = ["file", "path", "filename", "file_name", "filepath", "file_path", "image", "image_id", "image_path", "img"];

    // What a message shows of a long list.
    private const int Shown = 12;

    /// <inheritdoc/>
    public override string ToString() => $"csv:{Query}";

    /// <summary>Whether the words have the form FILE:COLUMN=VALUE.</summary>
    internal static bool HasForm(string query) => query.IndexOf('=') is > 0 and var equal && equal < query.Length - 1 && query[..equal].LastIndexOf(':') is > 0 and var colon && colon < equal - 1;

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws)
    {
        var equal = Query.IndexOf('=');
        var (path, fileColumn, column) = Parts(Query[..equal]);
        var values = CsvTable.Fields(Query[(equal + 1)..]);
        var table = CsvTable.Read(path);
        var names = new FileNames(train);
        var testNames = test?.Details.Files is null ? null : new FileNames(test);
        var files = FileColumn(table, fileColumn);
        var asked = Column(table, column);

        var absent = values.Where(value => !table.Rows.Any(row => row.Cells[asked] == value)).ToArray();
        if (absent.Length > 0)
            throw new DataFileException(path, $"column '{table.Columns[asked]}' nowhere has the value {string.Join(" or ", absent.Select(v => $"'{v}'"))}. It has {List(table.Rows.Select(row => row.Cells[asked]).Distinct())}.");

        var found = new SortedSet<int>();
        var unmatched = new List<string>();
        foreach (var (line, cells) in table.Rows.Where(row => values.Contains(row.Cells[asked])))
        {
            switch (names.Find(cells[files]))
            {
                case [var image]: found.Add(image); break;
                case [] when testNames?.Find(cells[files]).Length > 0: break;
                case []: unmatched.Add($"line {line}: {cells[files]} (no image of this name)"); break;
                case var several: unmatched.Add($"line {line}: {cells[files]} (fits {several.Length} images, for example {train.Details.Files![several[0]]} and {train.Details.Files[several[1]]})"); break;
            }
        }
        return unmatched.Count == 0
            ? [.. found]
            : throw new DataFileException(path, $"{unmatched.Count} of the chosen rows fit no single image of {train.Name}. Correct the names in column '{table.Columns[files]}', or take the rows out:\n  {string.Join("\n  ", unmatched)}");
    }

    // A path may hold colons, on Windows even in its second place; which one ends it shows in what exists.
    private static (string Path, string? FileColumn, string Column) Parts(string words)
    {
        var last = words.LastIndexOf(':');
        var (path, column) = (words[..last].Trim(), Unquoted(words[(last + 1)..]));
        var before = path.LastIndexOf(':');
        return !File.Exists(path) && before > 0 && File.Exists(path[..before].Trim())
            ? (path[..before].Trim(), Unquoted(path[(before + 1)..]), column)
            : (path, null, column);
    }

    private static string Unquoted(string word) => word.Trim() is ['"', .. var inner, '"'] ? inner : word.Trim();

    private static int FileColumn(CsvTable table, string? given)
    {
        if (given is not null) return Column(table, given);
        var known = FileColumns.Select(table.Column).FirstOrDefault(column => column >= 0, -1);
        return known >= 0
            ? known
            : throw new DataFileException(table.Path, $"has none of the columns {string.Join(", ", FileColumns)} for the images' file names; it has {List(table.Columns)}. Name the column: csv:FILE:FILECOLUMN:COLUMN=VALUE.");
    }

    private static int Column(CsvTable table, string name) => table.Column(name) is >= 0 and var column
        ? column
        : throw new DataFileException(table.Path, $"has no column '{name}'. It has {List(table.Columns)}.");

    private static string List(IEnumerable<string> all)
    {
        string[] some = [.. all.Take(Shown + 1)];
        return string.Join(", ", some.Take(Shown)) + (some.Length > Shown ? ", ..." : "");
    }
}
