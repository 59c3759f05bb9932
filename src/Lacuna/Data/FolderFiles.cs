namespace Lacuna.Data;

/// <summary>The files that lie in a folder.</summary>
internal sealed class FolderFiles(string folder) : FileSource
{
    public override string Path => folder;

    public override bool Has(string name) => File.Exists(PathOf(name));

    public override long Length(string name) => new FileInfo(PathOf(name)).Length;

    public override byte[] Read(string name) => Try(name, File.ReadAllBytes);

    public override Stream Open(string name) => Try(name, File.OpenRead);

    public override string PathOf(string name) => System.IO.Path.Combine(folder, name);

    private T Try<T>(string name, Func<string, T> read)
    {
        try
        {
            return read(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(PathOf(name), $"cannot be read ({e.Message}). Look whether the file is whole and may be read.", e);
        }
    }
}
