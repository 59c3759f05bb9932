namespace Lacuna.Data.Images.Packing;

/// <summary>The folder of packs. A pack's name is its source's and its key's; see <see cref="PackKey"/>.</summary>
/// <param name="folder">Created when first written to.</param>
public sealed class PackCache(string folder)
{
    private const string Ending = ".pack";

    /// <summary>LACUNA_CACHE/packs, else lacuna/packs in the system's place for caches.</summary>
    public static string DefaultFolder => Path.Combine(CacheFolder.Root, "packs");

    /// <summary>The folder, in full.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Every pack that can be opened, in the order of their sources.</summary>
    public IReadOnlyList<PackedSet> List()
    {
        if (!Directory.Exists(Folder)) return [];
        var sets = Directory.EnumerateFiles(Folder, "*" + Ending).Order(StringComparer.Ordinal).Select(TryOpen).OfType<PackedSet>();
        return [.. sets.OrderBy(set => set.Source, StringComparer.Ordinal)];
    }

    /// <summary>The pack with a key, wherever its images were when it was made; null where there is none, or only a damaged one.</summary>
    internal PackedSet? Find(string key, string source) =>
        Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, $"*-{key}{Ending}").Select(path => TryOpen(path, source)).FirstOrDefault(set => set?.Key == key) : null;

    /// <summary>Makes a pack and puts it into the folder, in the place of those of the same source.</summary>
    internal PackedSet Make(string key, FolderContent content, ImageFolderOptions options, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var shape = ImageShape.Of(content, options.Sizing, options.Limits, cancellation);
        var source = PackKey.OfSource(content.Root, options);
        var path = Path.Combine(Folder, $"{source}-{key}{Ending}");
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(Folder, $"cannot be made, and packs are kept there ({e.Message}). Have them kept elsewhere: LACUNA_CACHE=FOLDER.", e);
        }
        RemoveOrphans();
        PackWriter.Write(path, key, content, shape, options, progress, cancellation);
        foreach (var old in Directory.EnumerateFiles(Folder, $"{source}-*{Ending}").Where(old => old != path)) TryDelete(old);
        return PackedSet.Open(path, content.Root);
    }

    /// <summary>Removes what interrupted processes left: temporary files that nobody holds open.</summary>
    private void RemoveOrphans()
    {
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + PackWriter.Temporary))
        {
            try
            {
                // Deleted before it is let go, so that nobody begins to write it in between.
                using var unheld = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Held by a living process.
            }
        }
    }

    private static PackedSet? TryOpen(string path) => TryOpen(path, null);

    private static PackedSet? TryOpen(string path, string? source)
    {
        try
        {
            return PackedSet.Open(path, source);
        }
        catch (DataFileException)
        {
            return null;
        }
    }

    // On Windows a file that someone has mapped stays; the next pack of the source tries again.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
