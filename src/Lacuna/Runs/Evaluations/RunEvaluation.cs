using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using Lacuna.Studies;
using static TorchSharp.torch;

namespace Lacuna.Runs.Evaluations;

/// <summary>Measures every network of some runs. Runs with the same split (images and seed) share a table.</summary>
/// <param name="Data">Opens the data of a split; the message of what it throws says how to give it.</param>
/// <param name="Cache">Where an oracle is looked for that no run has; null for nowhere.</param>
/// <param name="Compute">Where, and with which kernels.</param>
/// <param name="Clock">Measures run time.</param>
/// <param name="Progress">Told what is measured.</param>
/// <param name="Note">Told of what is odd and stops nothing.</param>
/// <param name="TorchScript">Whether TorchScript modules may be run.</param>
public sealed record RunEvaluation(Func<FoundSplit, LoadedData> Data, NetworkCache? Cache, Compute Compute, TimeProvider Clock, IProgress<RunProgress> Progress, Action<string> Note, bool TorchScript)
{
    /// <summary>Told of every network by which passes it is gone through; null for nobody.</summary>
    public Action<PassPlan>? Chosen { get; init; }

    /// <summary>Measures them, in the order of the runs.</summary>
    public IReadOnlyList<EvaluatedSplit> Run(IReadOnlyList<FoundSplit> found, CancellationToken cancellation) =>
        [.. found.GroupBy(split => (split.Split.SetHash, WorkKey.OfRows(split.Split.Forget), split.Split.Seed)).Select(same => Evaluate([.. same], cancellation))];

    private EvaluatedSplit Evaluate(IReadOnlyList<FoundSplit> runs, CancellationToken cancellation)
    {
        var (split, data) = (runs[0].Split, Data(runs[0]));
        split.CheckBelongsTo(data.Train);
        var evaluator = new MetricsEvaluator(data.Train, data.Test, split, new DrawSource(split.Seed), Compute, Clock);
        var (yardstick, oracleModel, from) = Oracle(runs, data);
        using var owned = oracleModel;
        var measured = new Dictionary<string, ModelMeasurement>();
        var said = oracleModel is null ? null : evaluator.Predict(oracleModel, null, cancellation);
        if (oracleModel is not null && yardstick is null) measured[ResultTable.Oracle] = evaluator.Measure(oracleModel, null, said, cancellation);
        string? oracleRow = measured.Count > 0 ? ResultTable.Oracle : null;
        foreach (var run in runs)
        {
            if (run.Networks.All(network => network.Name != Subject.Original)) Note($"{run.Label}: the original network is not where the run found it; it is left out, and so are forget vectors.");
            using var original = run.Networks.FirstOrDefault(network => network.Name == Subject.Original) is { } first ? Load(first.File, data) : null;
            foreach (var network in run.Networks.Where(network => original is not null || !network.IsVector))
            {
                cancellation.ThrowIfCancellationRequested();
                var name = runs.Count == 1 ? network.Name : $"{run.Label}/{network.Name}";
                Progress.Report(new($"measure {run.Label}/{network.Name}", 0, 1, ""));
                using var model = network.IsVector || network.Name == Subject.Original ? null : Load(network.File, data);
                using var vector = network.IsVector ? ForgetVectorFile.Load(network.File, original!.Options, Compute.Device) : null;
                measured[name] = evaluator.Measure(model ?? original!, vector, said, cancellation);
                if (network == yardstick) oracleRow = name;
                Progress.Report(new($"measure {run.Label}/{network.Name}", 1, 1, ""));
            }
        }
        var rows = measured.Select(entry => new ResultRow(entry.Key, entry.Value.Metrics, null, null, null, null)).ToList();
        var table = new ResultTable($"{string.Join(", ", runs.Select(run => run.Label))}: forget set {split.Spec}, seed {split.Seed}", split.Spec, split.Forget.Length, split.Retain.Length, rows)
            .WithGapsTo(rows.Find(row => row.Name == oracleRow));
        return new([.. runs.Select(run => run.Label)], split.Seed, table, from, measured);
    }

    /// <summary>The network retrained on the same images by the same recipe: of one of the runs, else one that is kept from any run.</summary>
    private (FoundNetwork? Network, Classifier? Model, string From) Oracle(IReadOnlyList<FoundSplit> runs, LoadedData data)
    {
        var recipe = runs.Select(run => run.Recipe).FirstOrDefault(recipe => recipe is not null);
        var refused = "";
        foreach (var run in runs)
        {
            if (run.Networks.FirstOrDefault(network => network.Name == ResultTable.Oracle && !network.IsVector) is not { } network) continue;
            if (recipe is null || RecipeOf(network.File) is not { } own || own == recipe) return (network, Load(network.File, data), $"the network retrained in {run.Label}");
            refused = $"The one in {run.Label} was trained by another recipe than the original. ";
        }
        if (recipe is null) return (null, null, refused + "No oracle: no run has one, and the recipe of the original is not recorded, by which one could be looked for in the cache.");
        var original = runs.SelectMany(run => run.Networks).FirstOrDefault(network => network.Name == Subject.Original);
        if (original is not null && Cache is not null)
        {
            using var like = Load(original.File, data);
            var split = runs[0].Split;
            var kept = like is ScriptedClassifier ? null : Cache.Find(TrainingWork.Of(data.Train, split.Retain, like.Architecture, like.Options, recipe, split.Seed));
            if (kept is not null)
            {
                kept.Model.to(Compute.Device);
                return (null, kept.Model, "a network that an earlier run retrained on the same images by the same recipe, from the cache");
            }
        }
        return (null, null, refused + "No oracle: neither the runs nor the cache have a network retrained on these images by the original's recipe. Make one with 'lacuna unlearn retrain' and give its folder too.");
    }

    private static TrainingOptions? RecipeOf(string file)
    {
        try
        {
            return CheckpointReader.Read(file).Metadata.TryGetValue("lacuna.options", out var options) ? JsonSerializer.Deserialize<TrainingOptions>(options, RunJson.Compact) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Classifier Load(string file, LoadedData data)
    {
        var set = data.Train;
        var model = ModelFile.Load(file, null, new(set.ClassCount, set.Channels, set.Height, set.Width, Normalisation.Default(set.Channels)), Note, TorchScript ? new ScriptTerms(null) : null);
        model.to(Compute.Device);
        Chosen?.Invoke(PassPlan.Of(model, Compute.Kernels));
        return model;
    }
}
