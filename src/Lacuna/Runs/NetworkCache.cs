using System.Text.Json;
using Lacuna.Data;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Runs;

/// <summary>
/// Trained networks by the content of their training, shared by all runs: oracles and originals, which cost the most and come again the most. A record KEY.json names the file and its hash; a network's
/// file has its own hash in the name, so that two processes that train the same at once never leave a record that speaks of the other's file. What is damaged is made again. A folder that cannot be read
/// or written costs time and nothing else.
/// </summary>
/// <param name="folder">Created when first written to.</param>
public sealed class NetworkCache(string folder)
{
    private const string Metadata = "training";

    /// <summary>LACUNA_CACHE/networks, else lacuna/networks in the system's place for caches.</summary>
    public static string DefaultFolder => Path.Combine(CacheFolder.Root, "networks");

    /// <summary>The cache in its usual place.</summary>
    public static NetworkCache Default => new(DefaultFolder);

    /// <summary>The network that this work made before, on the CPU; null where there is none, or only a damaged one.</summary>
    public TrainedNetwork? Find(TrainingWork work)
    {
        try
        {
            var key = work.Key();
            if (!File.Exists(RecordOf(key))) return null;
            var record = JsonSerializer.Deserialize<Entry>(File.ReadAllBytes(RecordOf(key)), RunJson.Options);
            if (record is not { File: { } name, Sha256: { } hash } || record.Work?.Key() != key || Path.GetFileName(name) != name) return null;
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || WorkKey.OfFile(path) != hash) return null;
            var course = JsonSerializer.Deserialize<Course>(CheckpointReader.Read(path).Metadata["lacuna." + Metadata], RunJson.Compact)!;
            return new(ModelFile.Load(path, null, work.Model, _ => { }), course.Seconds, course.Losses);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps a network.</summary>
    public void Store(TrainingWork work, TrainedNetwork network)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var key = work.Key();
            var unnamed = Path.Combine(folder, $"{key}.{Guid.NewGuid():N}.new");
            ModelFile.Save(network.Model, unnamed, new Dictionary<string, string> { [Metadata] = JsonSerializer.Serialize(new Course(network.Seconds, network.Losses), RunJson.Compact) });
            var hash = WorkKey.OfFile(unnamed);
            var name = $"{key}-{hash[..16]}.safetensors";
            File.Move(unnamed, Path.Combine(folder, name), overwrite: true);
            AtomicFile.WriteAllText(RecordOf(key), JsonSerializer.Serialize(new Entry(work, name, hash), RunJson.Options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Trained again next time.
        }
    }

    private string RecordOf(string key) => Path.Combine(folder, key + ".json");

    private sealed record Entry(TrainingWork Work, string File, string Sha256);

    private sealed record Course(double Seconds, IReadOnlyList<double> Losses);
}
