using System.Formats.Tar;
using System.IO.Compression;

namespace Lacuna.Data;

/// <summary>
/// Files of a tar archive, plain or gzip-compressed, by their names without folders. They are held in memory, and nothing is
/// written to disk, so a name like <c>../../x</c> reaches no further than any other.
/// </summary>
internal sealed class TarFiles : FileSource
{
    // A CIFAR archive's largest file has 153 MB, all of it 185 MB; what goes far beyond is a decompression bomb or another archive.
    private const long LargestFile = 1L << 29;
    private const long LargestArchive = 1L << 32;

    private readonly Dictionary<string, byte[]> _files = [];

    /// <param name="path">The archive.</param>
    /// <param name="wanted">Which names are read; all others are passed over.</param>
    /// <exception cref="DataFileException">It is no whole archive, or holds a wanted name twice.</exception>
    public TarFiles(string path, IReadOnlySet<string> wanted)
    {
        Path = path;
        try
        {
            using var file = File.OpenRead(path);
            var compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream content = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var tar = new TarReader(content);
            long sum = 0;
            while (tar.GetNextEntry() is { } entry)
            {
                sum += entry.Length;
                if (sum > LargestArchive) throw new DataFileException(path, $"holds more than {LargestArchive >> 30} GiB. It is no archive of a data set of this kind; unpack it and give the folder.");
                var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && wanted.Contains(name)) Take(entry, name);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or NotSupportedException or (IOException and not DataFileException) or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"is no whole tar archive, plain or gzip-compressed ({e.Message.TrimEnd('.')}). Download it again, or unpack it and give the folder.", e);
        }
    }

    /// <summary>Whether a file begins as gzip does, or as the first entry of a tar archive.</summary>
    public static bool LooksLikeOne(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[262];
            var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return (count > 2 && head[0] == 0x1f && head[1] == 0x8b) || (count == head.Length && head.AsSpan(257, 5).SequenceEqual("ustar"u8));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"cannot be opened ({e.Message}). Give a file that may be read.", e);
        }
    }

    public override string Path { get; }

    public override bool Has(string name) => _files.ContainsKey(name);

    public override long Length(string name) => _files[name].Length;

    public override byte[] Read(string name) => _files[name];

    public override Stream Open(string name) => new MemoryStream(_files[name], writable: false);

    public override string PathOf(string name) => $"{Path}({name})";

    private void Take(TarEntry entry, string name)
    {
        if (entry.Length > LargestFile) throw new DataFileException(PathOf(name), $"declares {entry.Length} bytes; no file of this name has more than {LargestFile}. Download the archive again.");
        using var bytes = new MemoryStream();
        entry.DataStream?.CopyTo(bytes);
        if (bytes.Length != entry.Length) throw new DataFileException(PathOf(name), $"ends after {bytes.Length} of {entry.Length} bytes. The archive is truncated: download it again.");
        if (!_files.TryAdd(name, bytes.ToArray())) throw new DataFileException(Path, $"holds two files called {name}. Unpack it and give the folder of one data set.");
    }
}
