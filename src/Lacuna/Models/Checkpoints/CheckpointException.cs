namespace Lacuna.Models.Checkpoints;

/// <summary>A checkpoint file that cannot be used. The message names the file, the place or key in it, and what to do.</summary>
public sealed class CheckpointException : IOException
{
    /// <summary>A problem of the file as a whole, or of one key, which <paramref name="problem"/> names.</summary>
    public CheckpointException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>A problem at a place in the file.</summary>
    /// <param name="offset">Bytes from the file's beginning.</param>
    public CheckpointException(string path, long offset, string problem, Exception? inner = null)
        : base($"{path}, offset {offset}: {problem}", inner) => (Path, Offset) = (path, offset);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the file, in bytes from its beginning, if the problem has a place.</summary>
    public long? Offset { get; }
}
