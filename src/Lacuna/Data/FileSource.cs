namespace Lacuna.Data;

/// <summary>The files of a data set by name: in a folder, or in an archive.</summary>
internal abstract class FileSource
{
    /// <summary>The folder or archive.</summary>
    public abstract string Path { get; }

    /// <summary>Whether a file is there.</summary>
    public abstract bool Has(string name);

    /// <summary>Bytes of a file.</summary>
    public abstract long Length(string name);

    /// <summary>A file's content.</summary>
    /// <exception cref="DataFileException">It cannot be read.</exception>
    public abstract byte[] Read(string name);

    /// <summary>A file to be read from its beginning.</summary>
    /// <exception cref="DataFileException">It cannot be opened.</exception>
    public abstract Stream Open(string name);

    /// <summary>How messages call a file.</summary>
    public abstract string PathOf(string name);

    /// <summary>The lines of a text file that are not empty; null where it is not there.</summary>
    public string[]? Lines(string name) => Has(name)
        ? System.Text.Encoding.UTF8.GetString(Read(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : null;
}
