using System.Text.Json;

namespace Lacuna.Runs.Experiments;

/// <summary>The folder of an experiment while one process works on it: finds the items that are done, and takes down new ones.</summary>
public sealed class ExperimentFolder : IDisposable
{
    private const string LockFile = ".lock";
    private readonly FileStream _lock;
    private readonly Action<string> _note;

    private ExperimentFolder(RunDirectory directory, FileStream taken, Action<string> note) => (Directory, _lock, _note) = (directory, taken, note);

    /// <summary>Where files are written.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Makes a new folder, or opens that of the same experiment to go on with it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="config">The experiment with everything written out.</param>
    /// <param name="note">Told of what is found and cannot be used.</param>
    /// <exception cref="IOException">It holds something else, or another process is at work in it. Nothing is touched then.</exception>
    public static ExperimentFolder Open(string path, ExperimentConfig config, Action<string> note)
    {
        var old = File.Exists(Path.Combine(path, ExperimentLayout.Config)) ? ReadConfig(path) : null;
        if (old is not null && old.Key != config.Key)
            throw new IOException($"{path} holds another experiment ({Difference(old, config)}). Name a new folder with --out, or give the same experiment to go on with it.");
        var left = System.IO.Directory.Exists(path) && old is null && System.IO.Directory.EnumerateFileSystemEntries(path).All(entry => Path.GetFileName(entry) == LockFile);
        var directory = old is not null || left ? RunDirectory.Existing(path) : RunDirectory.Create(path);
        FileStream taken;
        try
        {
            taken = new FileStream(directory.FileAt(LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new IOException($"Another process is at work in {path}. Wait for it, or name another folder with --out.", e);
        }
        // What a killed process had half written.
        foreach (var orphan in System.IO.Directory.EnumerateFiles(path, "*.tmp", SearchOption.AllDirectories)) File.Delete(orphan);
        return new(directory, taken, note);
    }

    /// <summary>The record of a finished item; null where it is not done, or not with these inputs, or its files are not what they were.</summary>
    public WorkRecord<T>? Find<T>(string name, WorkInputs inputs)
    {
        var path = Directory.FileAt(name);
        if (!File.Exists(path)) return null;
        try
        {
            var record = JsonSerializer.Deserialize<WorkRecord<T>>(File.ReadAllBytes(path), RunJson.Options);
            if (record is not { Files: not null, Result: not null }) throw new JsonException("something is missing");
            if (record.Key != inputs.Key()) return null;
            foreach (var (file, hash) in record.Files)
            {
                if (File.Exists(Directory.FileAt(file)) && WorkKey.OfFile(Directory.FileAt(file)) == hash) continue;
                _note($"{Directory.FileAt(file)} is missing or damaged; it is made again.");
                return null;
            }
            return record;
        }
        catch (JsonException e)
        {
            _note($"{path} is damaged ({e.Message.TrimEnd('.')}); that part is done again.");
            return null;
        }
    }

    /// <summary>A file of an item that was found.</summary>
    public T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Directory.FileAt(name)), RunJson.Options)!;

    /// <summary>Takes down a finished item.</summary>
    /// <param name="name">Path of the record.</param>
    /// <param name="inputs">What it depended on.</param>
    /// <param name="files">What it wrote, as paths in the folder.</param>
    /// <param name="seconds">What it took.</param>
    /// <param name="result">What came of it.</param>
    public WorkRecord<T> Done<T>(string name, WorkInputs inputs, IEnumerable<string> files, double seconds, T result)
    {
        var record = new WorkRecord<T>(inputs.Key(), JsonSerializer.SerializeToElement(inputs, RunJson.Options), files.ToDictionary(file => file.Replace('\\', '/'), file => WorkKey.OfFile(Directory.FileAt(file))), seconds, result);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Directory.FileAt(name))!);
        Directory.Write(name, record);
        return record;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static ExperimentConfig ReadConfig(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ExperimentConfig>(File.ReadAllBytes(Path.Combine(path, ExperimentLayout.Config)), RunJson.Options) is { Verb: ExperimentConfig.VerbName, Key: not null } config
                ? config
                : throw new IOException($"{path} is not empty, and what it holds is no experiment. Name a new folder with --out.");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is not empty, and its {ExperimentLayout.Config} is of no experiment ({e.Message.TrimEnd('.')}). Name a new folder with --out.", e);
        }
    }

    private static string Difference(ExperimentConfig old, ExperimentConfig now) =>
        old.Name != now.Name ? $"'{old.Name}', not '{now.Name}'"
        : !old.Seeds.SequenceEqual(now.Seeds) ? $"with the seeds {string.Join(", ", old.Seeds)}, not {string.Join(", ", now.Seeds)}"
        : old.DataHash != now.DataHash || old.TestHash != now.TestHash ? $"on {old.Data} with other images"
        : $"'{old.Name}' with other tasks, methods, studies or options; its {ExperimentLayout.Config} has them";
}
