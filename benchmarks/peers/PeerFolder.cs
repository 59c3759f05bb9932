using System.Text.Json;
using Lacuna.Data;
using Lacuna.Runs;

namespace Lacuna.Peers;

/// <summary>A folder that keeps a comparison, which may be made in parts.</summary>
internal sealed class PeerFolder
{
    private static readonly JsonSerializerOptions Strict = new(RunJson.Options) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly string _json, _markdown;
    private readonly PeerReport? _earlier;

    /// <summary>Makes the folder, or reads what is there.</summary>
    public PeerFolder(string path)
    {
        Directory.CreateDirectory(path);
        (_json, _markdown) = (Path.Combine(path, "peers.json"), Path.Combine(path, "peers.md"));
        if (!File.Exists(_json)) return;
        try
        {
            _earlier = JsonSerializer.Deserialize<PeerReport>(File.ReadAllText(_json), Strict);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"'{_json}' is no comparison that rows could be added to ({e.Message}). Give another folder.", e);
        }
    }

    /// <summary>A report with the earlier rows.</summary>
    /// <exception cref="ArgumentException">They cannot stand in one table.</exception>
    public PeerReport Merge(PeerReport report)
    {
        try
        {
            return _earlier is null ? report : report.With(_earlier);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"'{_json}' holds a comparison {e.Message}. Give another folder.", e);
        }
    }

    /// <summary>Writes both files.</summary>
    public void Write(PeerReport merged)
    {
        AtomicFile.WriteAllText(_json, JsonSerializer.Serialize(merged, RunJson.Options));
        AtomicFile.WriteAllText(_markdown, PeerTable.Markdown(merged));
    }
}
