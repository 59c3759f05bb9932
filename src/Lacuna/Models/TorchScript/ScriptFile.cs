using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Models.Checkpoints;
using static TorchSharp.torch;

namespace Lacuna.Models.TorchScript;

/// <summary>
/// TorchScript files. What Lacuna writes carries its metadata inside, as the extra file <c>lacuna.json</c>: in Python,
/// <c>torch.jit.load(file, _extra_files={'lacuna.json': ''})</c> fills it in, and a plain <c>torch.jit.load</c> passes over it.
/// </summary>
internal static class ScriptFile
{
    private const string Constants = "/constants.pkl";
    private const string Code = "/code/";
    private const string Extra = "/extra/lacuna.json";
    private const int MostMetadataBytes = 1 << 20;

    /// <summary>Whether a file is a zip archive with a module's code and constants; nothing in it is run.</summary>
    public static bool Recognises(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.ReadByte() != 'P' || file.ReadByte() != 'K') return false;
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var names = archive.Entries.Select(entry => entry.FullName).ToList();
            return names.Find(name => name.EndsWith(Constants, StringComparison.Ordinal)) is { } found
                && names.Exists(name => name.StartsWith(found[..^Constants.Length] + Code, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Text that Lacuna wrote beside the module; empty for other people's files.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var entry = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith(Extra, StringComparison.Ordinal));
        if (entry is null) return new Dictionary<string, string>();
        if (entry.Length > MostMetadataBytes) throw new CheckpointException(path, $"has {entry.Length} bytes of metadata; at most {MostMetadataBytes} are read.");
        try
        {
            using var stream = entry.Open();
            return JsonSerializer.Deserialize<Dictionary<string, string>>(stream) ?? [];
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new CheckpointException(path, "has metadata that cannot be read. The file was changed after Lacuna wrote it.", e);
        }
    }

    /// <summary>Runs the file's code: reads the module and looks at it.</summary>
    /// <param name="path">A TorchScript file.</param>
    /// <param name="shapeOf">What the images are, from the metadata; its class count is not used.</param>
    /// <param name="warn">Told of what is odd but not fatal.</param>
    public static ScriptedClassifier Load(string path, Func<IReadOnlyDictionary<string, string>, ModelOptions> shapeOf, Action<string> warn)
    {
        var shape = shapeOf(ReadMetadata(path));
        shape.Validate();
        jit.ScriptModule<Tensor, Tensor> script;
        try
        {
            script = jit.load<Tensor, Tensor>(path);
        }
        catch (ExternalException e)
        {
            throw new CheckpointException(path, $"libtorch cannot read this TorchScript file: {e.Message.Split('\n')[0].TrimEnd('.')}. Save it again, with a PyTorch that is not newer than the libtorch which 'lacuna doctor' shows.", e);
        }
        try
        {
            script.eval();
            return new(script, shape with { Classes = new ScriptProbe(script, shape, path).CountClasses(warn) });
        }
        catch
        {
            script.Dispose();
            throw;
        }
    }

    /// <summary>Writes module and metadata; replaces the file in one step.</summary>
    public static void Save(ScriptedClassifier model, string path, IReadOnlyDictionary<string, string> metadata)
    {
        // The public API writes a module to a path and takes no extra files, so the archive is written twice: by it, and with the metadata.
        var plain = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            model.SaveScript(plain);
            using var from = ZipFile.OpenRead(plain);
            AtomicFile.Write(path, file => CopyWith(metadata, from, file));
        }
        catch (ExternalException e)
        {
            throw new IOException($"{path} cannot be written: {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            File.Delete(plain);
        }
    }

    private static void CopyWith(IReadOnlyDictionary<string, string> metadata, ZipArchive from, Stream file)
    {
        // The archive's root is named after the file by some versions of libtorch: one name, so that the same module gives the same bytes.
        const string root = "archive";
        using var to = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        Stream Add(string name)
        {
            // Stored, as libtorch stores tensors, and without the time.
            var entry = to.CreateEntry(root + name, CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            return entry.Open();
        }
        foreach (var entry in from.Entries)
        {
            var name = entry.FullName[entry.FullName.IndexOf('/')..];
            if (name == Extra) continue;
            using Stream source = entry.Open(), target = Add(name);
            source.CopyTo(target);
        }
        using var extra = Add(Extra);
        JsonSerializer.Serialize(extra, new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal));
    }
}
