namespace Lacuna.Data;

/// <summary>Finds a set's images by file name: by the whole relative path, by its last parts, or by the name alone.</summary>
internal sealed class FileNames
{
    private readonly IReadOnlyList<string> _files;
    private readonly ILookup<string, int> _byName;

    /// <exception cref="ForgetSetException">The set's images have no files.</exception>
    public FileNames(ImageSet set)
    {
        _files = set.Details.Files
            ?? throw new ForgetSetException($"The images of {set.Name} have no files of their own. Choose them with indices:FILE, class: or random:.");
        _byName = Enumerable.Range(0, _files.Count).ToLookup(i => Base(_files[i]), StringComparer.Ordinal);
    }

    /// <summary>The images a name may mean; exactly one where it is clear.</summary>
    /// <param name="name">With / or \ between folders; may begin above the set's folder or inside it.</param>
    public int[] Find(string name)
    {
        var path = name.Replace('\\', '/').TrimStart('/');
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        int[] called = [.. _byName[Base(path)]];
        // The whole path first, then its last parts, then a path that begins above the folder: the longest part of it that there is.
        if (Array.FindAll(called, i => _files[i] == path) is { Length: > 0 } whole) return whole;
        if (Array.FindAll(called, i => Ends(_files[i], path)) is { Length: > 0 } parts) return parts;
        return [.. called.Where(i => Ends(path, _files[i])).OrderByDescending(i => _files[i].Length).Take(1)];
    }

    private static string Base(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool Ends(string path, string end) =>
        path.EndsWith(end, StringComparison.Ordinal) && (path.Length == end.Length || path[^(end.Length + 1)] == '/');
}
