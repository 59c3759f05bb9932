using System.Text.Json;
using Lacuna.Data;

namespace Lacuna.Runs;

/// <summary>
/// Everything a run leaves, in one folder that can be handed to someone else: config, environment, split, metrics,
/// checkpoints, forget vector. Every file is replaced in one step, so an interrupted run leaves whole files only.
/// </summary>
public sealed class RunDirectory
{
    private RunDirectory(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder, or takes an empty one.</summary>
    /// <exception cref="IOException">Something is there already; nothing of it is touched.</exception>
    public static RunDirectory Create(string path)
    {
        if (File.Exists(path)) throw new IOException($"{path} is a file. Name a new or empty folder with --out.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new IOException($"{path} is not empty, and a run never overwrites another's results. Name a new folder with --out, or remove it.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be made ({e.Message.TrimEnd('.')}). Name another folder with --out.", e);
        }
        return new(path);
    }

    /// <summary>Takes a folder as it is, with what an earlier process left in it.</summary>
    public static RunDirectory Existing(string path) => new(path);

    /// <summary>Path of a file in the folder.</summary>
    public string FileAt(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a record as indented JSON.</summary>
    public void Write<T>(string name, T record) => AtomicFile.Write(FileAt(name), stream => JsonSerializer.Serialize(stream, record, RunJson.Options));
}
