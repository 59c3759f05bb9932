using System.Security.Cryptography;

namespace Lacuna.Data.Images.Packing;

/// <summary>A packed set of images: training and test images in one file, decoded and mapped into memory.</summary>
public sealed class PackedSet
{
    private readonly PackHeader _header;
    private readonly PackTables _tables;

    private PackedSet(string path, PackHeader header, PackTables tables, ImageSet train, ImageSet test)
    {
        (Path, _header, _tables, Train, Test) = (path, header, tables, train, test);
        FileLength = header.TablesOffset + header.TablesLength;
    }

    /// <summary>Training images.</summary>
    public ImageSet Train { get; }

    /// <summary>Test images.</summary>
    public ImageSet Test { get; }

    /// <summary>The pack.</summary>
    public string Path { get; }

    /// <summary>The pack's length in bytes.</summary>
    public long FileLength { get; }

    /// <summary>The folder it was made from, in full.</summary>
    public string Source => _tables.Source;

    /// <summary>How the images were brought to one size; what networks are given is not a pack's matter.</summary>
    public ImageSizing Sizing => _tables.Sizing;

    /// <summary>Damaged images that were left out.</summary>
    public IReadOnlyList<DamagedImage> Skipped => _tables.Skipped;

    /// <summary>Files in the folder that were passed over because their names end as no image's do.</summary>
    public int OtherFiles => _tables.OtherFiles;

    /// <summary>Whether it was there already.</summary>
    public bool FromCache { get; internal init; } = true;

    /// <summary>SHA-256 (lower-case hex) of the list of files and the options it was made from.</summary>
    internal string Key => _header.Key;

    /// <summary>Opens a pack; checks everything but the pixels, which <see cref="Verify"/> reads.</summary>
    /// <param name="path">The pack.</param>
    /// <param name="source">Where the files it was made from are now; null: where they were.</param>
    /// <exception cref="DataFileException">It is missing, damaged, truncated, or of another version.</exception>
    internal static PackedSet Open(string path, string? source = null)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var head = new byte[PackHeader.Size];
            var header = PackHeader.Read(head.AsSpan(0, RandomAccess.Read(file, head, 0)), RandomAccess.GetLength(file), path);
            var tables = new byte[header.TablesLength];
            if (RandomAccess.Read(file, tables, header.TablesOffset) != tables.Length || Convert.ToHexStringLower(SHA256.HashData(tables)) != header.TablesHash)
                throw new DataFileException(path, $"its tables at offset {header.TablesOffset} are damaged. Remove it.");
            var read = PackTables.Read(tables);
            read = read with { Source = source ?? read.Source };
            return new(path, header, read, Part(path, header, read, DataSplit.Train), Part(path, header, read, DataSplit.Test));
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw new DataFileException(path, $"cannot be opened ({e.Message}).", e);
        }
    }

    /// <summary>Reads all pixels and compares their hash with that taken when they were packed.</summary>
    /// <exception cref="DataFileException">They were changed since.</exception>
    public void Verify(CancellationToken cancellation = default)
    {
        foreach (var set in new[] { Train, Test })
        {
            cancellation.ThrowIfCancellationRequested();
            var again = new ImageSet(set.Name, set.Pixels, set.Labels.ToArray(), set.Channels, set.StoredHeight, set.StoredWidth, set.ClassNames, set.Details);
            if (again.ContentHash != set.ContentHash)
                throw new DataFileException(Path, $"the pixels of {set.Name} are not those that were packed. The disk or the file is damaged: remove it, and it is made anew.");
        }
    }

    /// <summary>The same pack, given to networks at another size.</summary>
    internal PackedSet With(int? given, bool fromCache) =>
        new(Path, _header, _tables, given is { } side ? Train.GivenAt(side, side) : Train, given is { } same ? Test.GivenAt(same, same) : Test) { FromCache = fromCache };

    private static ImageSet Part(string path, PackHeader header, PackTables tables, DataSplit split)
    {
        var (from, count, word, hash) = split == DataSplit.Train ? (0, header.TrainCount, "train", header.TrainHash) : (header.TrainCount, header.TestCount, "test", header.TestHash);
        var shape = header.Shape;
        var details = new ImageDetails { Files = new ArraySegment<string>(tables.Files, from, count), Folder = tables.Source };
        var pixels = new MappedPixels(path, PackHeader.Size + (long)from * shape.Length, (long)count * shape.Length);
        return new($"{System.IO.Path.GetFileName(tables.Source)}-{word}", pixels, tables.Labels[from..(from + count)], shape.Channels, shape.Height, shape.Width, tables.ClassNames, details, hash);
    }
}
