using System.IO.Enumeration;

namespace Lacuna.Data.Images;

/// <summary>A folder with one folder a class. Classes are in the ordinal order of their names, and images in that of their folder and then their name,
/// as torchvision's ImageFolder orders both; folders inside a class belong to it. Hidden files and folders are passed over.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="ClassNames">The folders in it.</param>
/// <param name="Files">The images, class by class.</param>
/// <param name="OtherFiles">Files with other endings, in class folders and beside them.</param>
internal sealed record ClassTree(string Folder, string[] ClassNames, FolderFile[] Files, int OtherFiles)
{
    // Links may make circles.
    private const int MostDepth = 16;

    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = false };
    private static readonly EnumerationOptions AllBelow = new() { IgnoreInaccessible = false, RecurseSubdirectories = true, MaxRecursionDepth = MostDepth };

    /// <summary>Whether a name ends as those of images do.</summary>
    public static bool HasImageEnding(ReadOnlySpan<char> name) =>
        name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>The names of the folders in a folder, in ordinal order.</summary>
    public static string[] Folders(string folder)
    {
        var names = Directory.EnumerateDirectories(folder, "*", OneFolder).Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Lists a tree.</summary>
    /// <param name="root">What paths are relative to.</param>
    /// <param name="folder">The folder of the class folders: the root, or one in it.</param>
    /// <exception cref="DataFileException">It cannot be listed, or holds no class or an empty one.</exception>
    public static ClassTree List(string root, string folder, CancellationToken cancellation)
    {
        try
        {
            var names = Folders(folder);
            if (names.Length == 0) throw new DataFileException(folder, "holds no folders. Images are expected in one folder a class.");
            var (files, others) = (new FolderFile[names.Length][], new int[names.Length]);
            Parallel.For(0, names.Length, new() { CancellationToken = cancellation }, label => (files[label], others[label]) = ListClass(root, Path.Combine(folder, names[label]), label));
            if (Array.FindIndex(files, f => f.Length == 0) is >= 0 and var empty)
                throw new DataFileException(Path.Combine(folder, names[empty]), "holds no .jpg, .jpeg or .png file. Put the class's images there, or remove the folder.");
            var beside = Directory.EnumerateFiles(folder, "*", OneFolder).Count();
            return new(folder, names, [.. files.SelectMany(f => f)], others.Sum() + beside);
        }
        catch (AggregateException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(folder, e.InnerException!);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw Unreadable(folder, e);
        }
    }

    private static DataFileException Unreadable(string folder, Exception e) => new(folder, $"cannot be listed ({e.Message}). Give the path of a folder with one folder of images a class.", e);

    private static (FolderFile[] Files, int Others) ListClass(string root, string folder, int label)
    {
        var others = 0;
        var entries = new FileSystemEnumerable<(string Path, long Length, long Changed)>(folder, Describe, AllBelow)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                if (entry.IsDirectory) return false;
                if (HasImageEnding(entry.FileName)) return true;
                others++;
                return false;
            },
        };
        var start = root.Length + (Path.EndsInDirectorySeparator(root) ? 0 : 1);
        var files = entries.Select(entry => new FolderFile(Portable(entry.Path[start..]), entry.Length, entry.Changed, label)).ToArray();
        Array.Sort(files, static (a, b) => InOrder(a.Path, b.Path));
        return (files, others);
    }

    private static (string Path, long Length, long Changed) Describe(ref FileSystemEntry entry)
    {
        var path = entry.ToFullPath();
        if ((entry.Attributes & FileAttributes.ReparsePoint) == 0) return (path, entry.Length, entry.LastWriteTimeUtc.UtcTicks);
        // What counts of a link is what it leads to; one that leads nowhere fails when it is read.
        return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? (path, target.Length, target.LastWriteTimeUtc.Ticks) : (path, 0, 0);
    }

    private static string Portable(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');

    // A folder's own files come before those of the folders in it.
    private static int InOrder(string a, string b)
    {
        var (nameA, nameB) = (a.LastIndexOf('/'), b.LastIndexOf('/'));
        var folders = a.AsSpan(0, nameA).SequenceCompareTo(b.AsSpan(0, nameB));
        return folders != 0 ? folders : a.AsSpan(nameA).SequenceCompareTo(b.AsSpan(nameB));
    }
}
