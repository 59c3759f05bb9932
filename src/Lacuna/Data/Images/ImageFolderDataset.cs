using Lacuna.Data.Images.Packing;

namespace Lacuna.Data.Images;

/// <summary>
/// Sets of JPEG and PNG files in folders: ROOT/train/CLASS/* with ROOT/test/CLASS/* (or val), or ROOT/CLASS/* with a split file or a share held out for
/// testing. They are decoded once, into a pack in the cache, from which every later start maps them.
/// </summary>
public static class ImageFolderDataset
{
    // Someone's home is not to be searched whole.
    private const int LookedAt = 100;

    private static readonly EnumerationOptions Shallow = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };

    /// <summary>Whether a folder looks like one of images, as far as its first entries tell.</summary>
    public static bool Recognises(string root)
    {
        try
        {
            if (!Directory.Exists(root)) return false;
            var train = Path.Combine(root, "train");
            return Directory.EnumerateDirectories(Directory.Exists(train) ? train : root).Take(LookedAt)
                .Any(folder => Directory.EnumerateFiles(folder, "*", Shallow).Take(LookedAt).Any(file => ClassTree.HasImageEnding(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens a folder's pack, or makes it first.</summary>
    /// <exception cref="DataFileException">The folder is not laid out as expected, its images have several sizes and none is asked for, or the pack cannot be written.</exception>
    /// <exception cref="DamagedImagesException">Images are damaged and are not to be skipped.</exception>
    /// <exception cref="ImageLibraryException">A library for decoding is missing.</exception>
    /// <exception cref="ArgumentException">The sizes asked for do not fit each other, or the images.</exception>
    public static PackedSet Open(string root, ImageFolderOptions options, IProgress<PackProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Sizing.Validate();
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var cache = new PackCache(options.CacheFolder);
        if ((cache.Folder + Path.DirectorySeparatorChar).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new DataFileException(cache.Folder, $"packs would be kept inside the images' folder {root}. Have them kept elsewhere: LACUNA_CACHE=FOLDER.");
        var content = FolderContent.List(root, options, cancellation);
        var key = PackKey.Of(content, options);
        var found = options.Repack ? null : cache.Find(key, root);
        if (found is { Skipped.Count: > 0 } && !options.SkipBad) throw new DamagedImagesException(root, found.Skipped);
        return (found ?? cache.Make(key, content, options, progress, cancellation)).With(options.Sizing.Given, found is not null);
    }
}
