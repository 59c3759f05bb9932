using System.Globalization;

namespace Lacuna.Data;

/// <summary>Text files of image indices: one a line, from 0; # begins a comment; empty lines are passed over.</summary>
public static class IndexFile
{

    /// <summary>Reads a list for a set of <paramref name="count"/> images.</summary>
    /// <returns>The indices, ascending.</returns>
    /// <exception cref="DataFileException">The file cannot be read, or a line is no index of the set, or repeats one.</exception>
    public static int[] Read(string path, int count)
    {
        var seenAtLine = new Dictionary<int, int>();
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                string text = line.Split('#', 2)[0].Trim();
                if (text.Length == 0)
                {
                    continue;
                }
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= count)
                {
                    string shown = text.Length <= 40 ? text : text[..40] + "...";
                    throw new DataFileException(path, $"line {number}: '{shown}' is no index of the set, whose {count} images have the indices 0 to {count - 1}. Correct the line.");
                }
                if (!seenAtLine.TryAdd(index, number))
                {
                    throw new DataFileException(path, $"line {number}: index {index} is already on line {seenAtLine[index]}. Remove one of the two.");
                }
            }
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw new DataFileException(path, $"cannot be read ({e.Message}). Give the path of a text file with one image index a line.", e);
        }
        int[] indices = [.. seenAtLine.Keys];
        Array.Sort(indices);
        return indices;
    }

    /// <summary>Writes a list that <see cref="Read"/> reads; the file appears whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<int> indices)
    {
        var text = new System.Text.StringBuilder(indices.Length * 6);
        foreach (int index in indices)
        {
            text.Append(CultureInfo.InvariantCulture, $"{index}\n");
        }
        AtomicFile.WriteAllText(path, text.ToString());
    }
}
