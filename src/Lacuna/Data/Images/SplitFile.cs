namespace Lacuna.Data.Images;

/// <summary>
/// Text files that divide the images of one folder: a line an image, its path relative to the folder (with '/'), a comma or tab, and <c>train</c>,
/// <c>test</c> or <c>val</c>. # begins a comment; a first line that names columns is passed over, and so are empty lines. Images that no line names belong to neither set.
/// </summary>
internal static class SplitFile
{
    private static readonly string[] Headings = ["file", "filename", "file_name", "image", "path"];

    /// <summary>Divides the images of a tree.</summary>
    /// <exception cref="DataFileException">The file cannot be read, a line says nothing or names no image, or one of the two sets stays empty.</exception>
    public static (FolderFile[] Train, FolderFile[] Test) Divide(string path, ClassTree tree)
    {
        var words = Read(path, tree);
        // As for folders: where there are test images, those for validation are left alone.
        var testWord = words.ContainsValue("test") ? "test" : "val";
        FolderFile[] Of(string word) => Array.FindAll(tree.Files, file => words.TryGetValue(file.Path, out var said) && said == word);
        var (train, test) = (Of("train"), Of(testWord));
        if (train.Length == 0) throw new DataFileException(path, "names no image for training. Write 'train' behind some.");
        if (test.Length == 0) throw new DataFileException(path, "names no image for testing. Write 'test' behind some.");
        return (train, test);
    }

    private static Dictionary<string, string> Read(string path, ClassTree tree)
    {
        var known = tree.Files.Select(file => file.Path).ToHashSet();
        var words = new Dictionary<string, string>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var text = line.Split('#', 2)[0].Trim();
                if (text.Length == 0) continue;
                var cut = text.LastIndexOfAny([',', '\t']);
                var (file, word) = cut < 0 ? (text, "") : (Unquoted(text[..cut]).Replace('\\', '/'), Unquoted(text[(cut + 1)..]).ToLowerInvariant());
                if (number == 1 && Headings.Contains(file, StringComparer.OrdinalIgnoreCase)) continue;
                if (word is not ("train" or "test" or "val"))
                    throw new DataFileException(path, $"line {number}: '{Shown(text)}' does not end in ',train', ',test' or ',val'. Write one of them behind the file's path.");
                if (!known.Contains(file)) throw new DataFileException(path, $"line {number}: there is no image '{Shown(file)}' in {tree.Folder}. Give paths as CLASS/NAME.");
                if (!words.TryAdd(file, word)) throw new DataFileException(path, $"line {number}: '{Shown(file)}' is on another line already. Remove one of the two.");
            }
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw new DataFileException(path, $"cannot be read ({e.Message}). Give the path of a text file with one 'CLASS/NAME,train' or 'CLASS/NAME,test' a line.", e);
        }
        return words;
    }

    private static string Unquoted(string text) => text.Trim().Trim('"');

    private static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
