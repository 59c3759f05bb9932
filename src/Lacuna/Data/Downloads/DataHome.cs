using System.Security.Cryptography;
using System.Text.Json;

namespace Lacuna.Data.Downloads;

/// <summary>The folder that downloaded sets live in, one folder a set, each with a record of its files.</summary>
/// <param name="Path">The folder; made when something is put there.</param>
public sealed record DataHome(string Path)
{
    /// <summary>The record's name in a set's folder.</summary>
    public const string RecordName = "download.json";

    private const string Variable = "LACUNA_DATA";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Where LACUNA_DATA points, else <c>data</c> in the folder of caches.</summary>
    public static DataHome Default => new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? System.IO.Path.GetFullPath(given) : System.IO.Path.Combine(CacheFolder.Root, "data"));

    /// <summary>A set's folder, whether it is there or not.</summary>
    public string FolderOf(PublicSet set) => System.IO.Path.Combine(Path, set.Name);

    /// <summary>The files of a set as they were when the download was checked; null where it was not downloaded, or not to its end.</summary>
    /// <exception cref="DataFileException">The record is damaged.</exception>
    public IReadOnlyList<StoredFile>? Find(PublicSet set)
    {
        var path = System.IO.Path.Combine(FolderOf(set), RecordName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<Record>(File.ReadAllBytes(path), Json)!.Files;
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"is no record of a download ({e.Message}). Delete the folder {FolderOf(set)} and download the set again.", e);
        }
    }

    /// <summary>Hashes the files of a downloaded set and holds them against the record.</summary>
    /// <returns>A line for each file that is missing or another; none when all is well.</returns>
    public IReadOnlyList<string> Check(PublicSet set, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        foreach (var file in Find(set) ?? [])
        {
            cancellation.ThrowIfCancellationRequested();
            var path = System.IO.Path.Combine(FolderOf(set), file.Name);
            if (!File.Exists(path)) wrong.Add($"{path}: is missing");
            else if (HashOf(path) is var hash && hash != file.Sha256) wrong.Add($"{path}: has the SHA-256 {hash}, not {file.Sha256}");
        }
        return wrong;
    }

    internal void Save(PublicSet set, IEnumerable<string> files)
    {
        var record = new Record(set.Name, [.. set.Files.Select(file => file.Address.ToString())],
            [.. files.Select(name => System.IO.Path.Combine(FolderOf(set), name)).Select(path => new StoredFile(System.IO.Path.GetFileName(path), new FileInfo(path).Length, HashOf(path)))]);
        AtomicFile.WriteAllText(System.IO.Path.Combine(FolderOf(set), RecordName), JsonSerializer.Serialize(record, Json) + "\n");
    }

    internal static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed record Record(string Set, IReadOnlyList<string> From, IReadOnlyList<StoredFile> Files);
}
