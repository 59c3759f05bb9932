namespace Lacuna.Data;

/// <summary>A data file that cannot be used. The message names the file, the place in it, and what to do.</summary>
public sealed class DataFileException(string path, string problem, Exception? inner = null)
    : IOException($"{path}: {problem}", inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
