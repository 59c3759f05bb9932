using System.Text.Json;
using Lacuna.Data;
using Lacuna.Methods.Training;
using Lacuna.Models.Checkpoints;
using Lacuna.Runs.Experiments;
using Lacuna.Studies;

namespace Lacuna.Runs.Evaluations;

/// <summary>Finds splits and networks in the folders of runs by their records: unlearn (one split), demo (one a task), experiment (one a task and seed).</summary>
public static class RunReader
{
    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="DataFileException">It is no run, it has no split, or a record is damaged.</exception>
    public static IReadOnlyList<FoundSplit> Read(string run)
    {
        var path = Path.Combine(run, ExperimentLayout.Config);
        if (!File.Exists(path)) throw new DataFileException(run, $"is no run: it has no {ExperimentLayout.Config}. Give the folder that unlearn, demo or experiment wrote (--out).");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var config = document.RootElement;
            var verb = config.GetProperty("verb").GetString();
            var splits = Folders(run, verb).Select(folder => Split(run, folder, verb, config)).ToList();
            return splits.Count > 0 ? splits : throw new DataFileException(run, verb == "train"
                ? "is a training, which forgets nothing. Measure its network on a split: --checkpoint FILE with --forget WORDS or --split FOLDER; or give a run that unlearned from it, which names it itself."
                : $"holds no split yet, so there is nothing to measure. Let the run ({verb}) come further.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DataFileException(path, $"is damaged, or of another version ({e.Message.TrimEnd('.')}). Measure its networks one by one: --checkpoint FILE --split FOLDER.", e);
        }
    }

    private static IEnumerable<string> Folders(string run, string? verb)
    {
        var folders = verb switch
        {
            ExperimentConfig.VerbName => Below(Path.Combine(run, "tasks")).SelectMany(Below),
            _ => Below(run).Prepend(run),
        };
        return folders.Where(folder => File.Exists(Path.Combine(folder, "split.json")));

        static IEnumerable<string> Below(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];
    }

    private static FoundSplit Split(string run, string folder, string? verb, JsonElement config)
    {
        var split = ForgetSplit.Load(folder);
        var source = config.TryGetProperty("data_source", out var data) ? data.Deserialize<DataSource>(RunJson.Options) : null;
        var networks = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".safetensors" or ".pt").Select(Network)
            .OrderBy(network => network.Name != Subject.Original).ThenBy(network => network.Name != ResultTable.Oracle).ThenBy(network => network.Name, StringComparer.Ordinal).ToList();
        // An unlearn run does not copy the network that it was given.
        if (verb == "unlearn" && config.GetProperty("checkpoint").GetString() is { } checkpoint && File.Exists(checkpoint)) networks.Insert(0, new(Subject.Original, checkpoint, false));
        var label = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run))) + (folder == run ? "" : "/" + Path.GetRelativePath(run, folder).Replace('\\', '/'));
        return new(label, split, source, Recipe(folder, verb, config), networks);
    }

    private static FoundNetwork Network(string file) => new(Path.GetFileNameWithoutExtension(file), file,
        Path.GetExtension(file) == ".safetensors" && CheckpointReader.Read(file).Metadata.GetValueOrDefault("lacuna.kind") == "forget-vector");

    private static TrainingOptions? Recipe(string folder, string? verb, JsonElement config)
    {
        JsonElement? recipe = verb switch
        {
            "demo" => config.GetProperty(Path.GetFileName(folder) == "class" ? "class_training" : "instance_training"),
            ExperimentConfig.VerbName => config.GetProperty("tasks").EnumerateArray()
                .First(task => task.GetProperty("name").GetString() == Path.GetFileName(Path.GetDirectoryName(folder))).GetProperty("model").GetProperty("recipe"),
            _ => OfTraining(config.GetProperty("checkpoint").GetString()),
        };
        return recipe is { ValueKind: JsonValueKind.Object } found ? found.Deserialize<TrainingOptions>(RunJson.Options) : null;
    }

    /// <summary>The recipe in the folder of the training that a checkpoint came from, where it is still there.</summary>
    private static JsonElement? OfTraining(string? checkpoint)
    {
        var path = Path.Combine(Path.GetDirectoryName(checkpoint) ?? "", ExperimentLayout.Config);
        if (!File.Exists(path)) return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.TryGetProperty("training", out var recipe) ? recipe.Clone() : null;
    }
}
