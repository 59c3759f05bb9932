using System.Globalization;

namespace Lacuna.Data;

/// <summary>Reads lists of classes: <c>3,5</c> or <c>cat,dog</c>.</summary>
internal static class ClassWords
{
    /// <summary>The indices of the named classes.</summary>
    /// <param name="words">Names in any case, or indices; a name that holds a comma in quotation marks, unless it stands alone.</param>
    /// <param name="names">All names in the order of their indices.</param>
    /// <param name="kind">What they are called: class or sub-class.</param>
    /// <param name="set">The set's name, for messages.</param>
    /// <exception cref="ForgetSetException">A word names none, or is missing.</exception>
    public static SortedSet<int> Find(string words, IReadOnlyList<string> names, string kind, string set)
    {
        if (IndexOf(words, names) is { } alone) return [alone];
        var fields = CsvTable.Fields(words);
        var found = new SortedSet<int>();
        foreach (var word in fields.Count > 0 ? fields : [words])
        {
            found.Add(Find(word, names)
                ?? throw new ForgetSetException($"{set} has no {kind} '{word}'. Its {(kind.EndsWith('s') ? kind + "es" : kind + "s")} are {string.Join(", ", names.Select((name, i) => $"{i} {name}"))}."));
        }
        return found;
    }

    // A name goes first: a class called "7" need not have index 7.
    private static int? Find(string word, IReadOnlyList<string> names) => IndexOf(word, names)
        ?? (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < names.Count ? index : null);

    private static int? IndexOf(string word, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Equals(word, StringComparison.OrdinalIgnoreCase)) return i;
        }
        return null;
    }
}
