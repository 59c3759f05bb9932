using System.Globalization;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Runs;

/// <summary>
/// Trains, unlearns and measures on one pair of data sets and writes what it makes into a run directory. The same code
/// serves the demo, the single verbs and the experiments of files, one of these a seed.
/// </summary>
/// <param name="Train">Training images.</param>
/// <param name="Test">Test images.</param>
/// <param name="Draws">All random numbers.</param>
/// <param name="Compute">Where everything is computed, and the kernels there.</param>
/// <param name="Directory">Where results go.</param>
/// <param name="Clock">Measures run time.</param>
/// <param name="Progress">Told what is going on.</param>
public sealed record Experiment(ImageSet Train, ImageSet Test, DrawSource Draws, Compute Compute, RunDirectory Directory, TimeProvider Clock, IProgress<RunProgress> Progress)
{
    /// <summary>Where trained networks are kept between runs; null for nowhere.</summary>
    public NetworkCache? Cache { get; init; }

    /// <summary>A new network trained on all training images: the one that is kept from an earlier run, or trained now and kept. The caller owns it.</summary>
    /// <param name="architecture">The network's name.</param>
    /// <param name="shape">What it is built for.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="cancellation">Checked before every step.</param>
    public TrainedNetwork Original(string architecture, ModelOptions shape, TrainingOptions recipe, CancellationToken cancellation)
    {
        return Kept(TrainingWork.Of(Train, [.. Enumerable.Range(0, Train.Count)], architecture, shape, recipe, Draws.Seed), "train original", () =>
        {
            var model = ModelZoo.Create(architecture, shape, Draws.Seed);
            try
            {
                var (seconds, losses) = TrainAll(model, recipe, null, cancellation);
                return new(model, seconds, losses);
            }
            catch
            {
                model.Dispose();
                throw;
            }
        });
    }

    /// <summary>Trains a network in place on all training images, and says how many seconds that took.</summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="recipe">How.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <param name="epochFile">Replaced after every epoch but the last by the network as it is then; null for no such file.</param>
    public double TrainOriginal(Classifier model, TrainingOptions recipe, CancellationToken cancellation, string? epochFile = null) => TrainAll(model, recipe, epochFile, cancellation).Seconds;

    private (double Seconds, IReadOnlyList<double> Losses) TrainAll(Classifier model, TrainingOptions recipe, string? epochFile, CancellationToken cancellation)
    {
        model.to(Compute.Device);
        var start = Clock.GetTimestamp();
        var losses = Trainer.Train(model, Train, [.. Enumerable.Range(0, Train.Count)], recipe, Draws, Compute, Stage("train original"), cancellation, Keep);
        return (Clock.GetElapsedTime(start).TotalSeconds, losses);

        void Keep(int epochs)
        {
            if (epochFile is not null && epochs < recipe.Epochs)
                ModelFile.Save(model, epochFile, new Dictionary<string, string> { ["epochs"] = string.Create(CultureInfo.InvariantCulture, $"{epochs} of {recipe.Epochs}") });
        }
    }

    /// <summary>
    /// Runs methods one after another on a split, each from the original, writes each result into the folder
    /// <paramref name="folder"/> of the run, and measures it. The table starts with the original.
    /// </summary>
    /// <param name="folder">Name of the sub-folder for this split.</param>
    /// <param name="title">Title of the table.</param>
    /// <param name="split">What is forgotten.</param>
    /// <param name="original">The model; not changed.</param>
    /// <param name="methods">In the order of the rows.</param>
    /// <param name="oracle">A retrained model that is at hand already, measured in the second row; or null.</param>
    /// <param name="goOn">Whether a method that diverges gets a row that says so, or ends the run.</param>
    /// <param name="cancellation">Ends the run; what was written stays.</param>
    public ResultTable Unlearn(string folder, string title, ForgetSplit split, Classifier original, IReadOnlyList<IUnlearningMethod> methods, Classifier? oracle, bool goOn, CancellationToken cancellation)
    {
        split.CheckBelongsTo(Train);
        split.Save(Directory.FileAt(folder));
        var measurements = new SplitMeasurements(new MetricsEvaluator(Train, Test, split, Draws, Compute, Clock),
            oracleToCome: oracle is not null || methods.Any(method => method.Name == ResultTable.Oracle),
            (name, measured) => Directory.Write(Path.Combine(folder, name + Experiments.ExperimentLayout.MeasurementEnding), measured));
        var rows = new List<ResultRow> { new("original", Measure(measurements, "original", original, null, cancellation), null, null, null, null) };
        if (oracle is not null) rows.Add(new(ResultTable.Oracle, Measure(measurements, ResultTable.Oracle, oracle, null, cancellation), null, null, null, null));
        foreach (var method in methods)
        {
            rows.Add(RunOne(folder, method, split, original, measurements, goOn, cancellation));
        }
        var table = new ResultTable(title, split.Spec, split.Forget.Length, split.Retain.Length, rows).WithGapsTo(rows.Find(row => row.Name == ResultTable.Oracle));
        Directory.Write(Path.Combine(folder, "metrics.json"), table);
        return table;
    }

    /// <summary>Name of the file with a method's result: a vector, or a network in the form in which the original came.</summary>
    public static string FileOf(IUnlearningMethod method, Classifier original) =>
        method.Name + (method is ForgetVectorMethod or CompositionMethod ? ".safetensors" : ModelFile.Extension(original));

    /// <summary>Runs one method from the original and writes what it leaves into a folder of the run. An oracle that an earlier run trained is taken from there.</summary>
    /// <returns>What it left, which the caller owns, and the seconds that it took.</returns>
    /// <exception cref="DivergedException">The method's numbers overflowed; nothing is written.</exception>
    public (UnlearningOutcome Outcome, double Seconds) Forget(string folder, IUnlearningMethod method, ForgetSplit split, Classifier original, CancellationToken cancellation)
    {
        var (outcome, seconds) = method is RetrainMethod { Options: TrainingOptions recipe } ? Oracle(method, recipe, split, original, cancellation) : Timed(method, split, original, cancellation);
        try
        {
            Save(folder, method, outcome, split, original);
            return (outcome, seconds);
        }
        catch
        {
            outcome.Dispose();
            throw;
        }
    }

    private (UnlearningOutcome Outcome, double Seconds) Timed(IUnlearningMethod method, ForgetSplit split, Classifier original, CancellationToken cancellation)
    {
        var start = Clock.GetTimestamp();
        var outcome = method.Run(original, new UnlearningTask(Train, split, Draws, Compute, Stage(method.Name)), cancellation);
        return (outcome, Clock.GetElapsedTime(start).TotalSeconds);
    }

    private (UnlearningOutcome Outcome, double Seconds) Oracle(IUnlearningMethod retrain, TrainingOptions recipe, ForgetSplit split, Classifier original, CancellationToken cancellation)
    {
        retrain.CheckFits(original);
        var oracle = Kept(TrainingWork.Of(Train, split.Retain, original.Architecture, original.Options, recipe, Draws.Seed), retrain.Name, () =>
        {
            var (outcome, seconds) = Timed(retrain, split, original, cancellation);
            return new(outcome.Model, seconds, outcome.Trace["loss"]);
        });
        return (RetainTraining.Outcome(oracle.Model, split.Retain.Length, recipe, oracle.Losses), oracle.Seconds);
    }

    private TrainedNetwork Kept(TrainingWork work, string stage, Func<TrainedNetwork> train)
    {
        if (Cache?.Find(work) is { } kept)
        {
            Progress.Report(new(stage + " (kept from an earlier run)", 1, 1, ""));
            kept.Model.to(Compute.Device);
            return kept;
        }
        var trained = train();
        Cache?.Store(work, trained);
        return trained;
    }

    private ResultRow RunOne(string folder, IUnlearningMethod method, ForgetSplit split, Classifier original, SplitMeasurements measurements, bool goOn, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var start = Clock.GetTimestamp();
        try
        {
            var (outcome, seconds) = Forget(folder, method, split, original, cancellation);
            using (outcome) return new(method.Name, Measure(measurements, method.Name, outcome.Model, outcome.ForgetVector, cancellation), null, seconds, outcome.Steps, outcome.StopReason);
        }
        catch (DivergedException e) when (goOn)
        {
            return new(method.Name, UnlearningMetrics.None, null, Clock.GetElapsedTime(start).TotalSeconds, null, e.Message);
        }
    }

    private UnlearningMetrics Measure(SplitMeasurements measurements, string name, Classifier model, Tensor? vector, CancellationToken cancellation)
    {
        Progress.Report(new($"measure {name}", 0, 1, ""));
        var metrics = measurements.Add(name, model, vector, cancellation).Metrics;
        Progress.Report(new($"measure {name}", 1, 1, ""));
        return metrics;
    }

    private void Save(string folder, IUnlearningMethod method, UnlearningOutcome outcome, ForgetSplit split, Classifier original)
    {
        var provenance = new Dictionary<string, string>
        {
            ["method"] = method.Name,
            ["options"] = JsonSerializer.Serialize(method.Options, method.Options.GetType(), RunJson.Compact),
            ["forget"] = split.Spec,
            ["seed"] = Draws.Seed.ToString(CultureInfo.InvariantCulture),
            ["data"] = $"{split.SetName} {split.SetHash}",
        };
        foreach (var (key, value) in outcome.Metadata) provenance[key] = value;
        var file = Directory.FileAt(Path.Combine(folder, FileOf(method, original)));
        if (outcome.ForgetVector is { } delta)
        {
            provenance["architecture"] = original.Architecture;
            if (NetworkHash.Of(original) is { } network) provenance["network"] = network;
            ForgetVectorFile.Save(file, delta, provenance);
        }
        else
        {
            ModelFile.Save(outcome.Model, file, provenance);
        }
        Directory.Write(Path.Combine(folder, method.Name + ".trace.json"), new MethodRecord(method.Name, method.Options, outcome.Steps, outcome.StopReason, outcome.Converged, outcome.Trace));
    }

    private IProgress<MethodProgress> Stage(string name) => new Relay(name, Progress);

    private sealed record MethodRecord(string Method, object Options, int Steps, string StopReason, bool Converged, IReadOnlyDictionary<string, IReadOnlyList<double>> Trace);

    // Not Progress<T>: that one reports from another thread, and late.
    private sealed class Relay(string stage, IProgress<RunProgress> target) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => target.Report(new(stage, value.Done, value.Total, value.Message, value.Images));
    }
}
