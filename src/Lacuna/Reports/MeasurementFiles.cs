using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Runs;
using Lacuna.Runs.Experiments;

namespace Lacuna.Reports;

/// <summary>SUBJECT.measurement.json of one folder a seed: what was measured of each model.</summary>
internal static class MeasurementFiles
{
    /// <summary>What is there of each model, seed after seed; models of which nothing is there are left out.</summary>
    /// <param name="folders">One a seed.</param>
    /// <param name="names">Of the models, in the order of the table.</param>
    /// <exception cref="DataFileException">A file cannot be read, or its classes are not those of the others.</exception>
    public static IReadOnlyList<(string Name, IReadOnlyList<ModelMeasurement> Seeds)> Read(IReadOnlyList<string> folders, IEnumerable<string> names)
    {
        var found = new List<(string, IReadOnlyList<ModelMeasurement>)>();
        int? classes = null;
        // Names come from a record, and a path made of one must stay in its folder.
        foreach (var name in names.Where(name => Path.GetFileName(name) == name))
        {
            var ofName = new List<ModelMeasurement>();
            foreach (var file in folders.Select(folder => Path.Combine(folder, name + ExperimentLayout.MeasurementEnding)).Where(File.Exists))
            {
                var measured = One(file);
                if (measured.Classes.Count != (classes ??= measured.Classes.Count)) throw new DataFileException(file, $"has {measured.Classes.Count} classes where the models beside it have {classes}. Run again what wrote it.");
                ofName.Add(measured);
            }
            if (ofName.Count > 0) found.Add((name, ofName));
        }
        return found;
    }

    private static ModelMeasurement One(string file)
    {
        const string remedy = "Run again what wrote it.";
        ModelMeasurement? measured;
        try
        {
            measured = JsonSerializer.Deserialize<ModelMeasurement>(File.ReadAllBytes(file), RunJson.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            throw new DataFileException(file, $"is no measurement ({e.Message}). {remedy}", e);
        }
        var whole = measured is { Metrics: not null, Classes: not null, TestPredictions: not null, ForgetPredictions: not null, Membership: not null }
            && measured.Classes.All(part => part?.Name is not null) && measured.Membership.All(score => score?.Attack is not null)
            && measured.TestPredictions.Classes == measured.Classes.Count && measured.ForgetPredictions.Classes == measured.Classes.Count;
        return whole ? measured! : throw new DataFileException(file, $"is no measurement: something is missing. {remedy}");
    }
}
