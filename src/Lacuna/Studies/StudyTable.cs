using System.Globalization;
using CsvHelper;
using Lacuna.Data;

namespace Lacuna.Studies;

/// <summary>Writes a study's values as CSV: one line of heads, then one line a row; numbers in full, an empty cell for NaN and for what was not measured.</summary>
internal static class StudyTable
{
    public static void Write(string path, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<object?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            foreach (var head in heads) csv.WriteField(head);
            csv.NextRecord();
            foreach (var row in rows)
            {
                foreach (var cell in row) csv.WriteField(cell is double.NaN ? null : Convert.ToString(cell, CultureInfo.InvariantCulture));
                csv.NextRecord();
            }
        }
        AtomicFile.WriteAllText(path, text.ToString());
    }
}
