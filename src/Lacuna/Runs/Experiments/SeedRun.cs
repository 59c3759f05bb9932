using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Methods;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using Lacuna.Studies;
using static TorchSharp.torch;

namespace Lacuna.Runs.Experiments;

/// <summary>One task with one seed: original, methods, measurements. Every item is looked for in the folder before it is made.</summary>
internal sealed class SeedRun : IDisposable
{
    private readonly ExperimentContext _context;
    private readonly PlannedTask _task;
    private readonly Experiment _experiment;
    private readonly List<(string Name, string Key, ItemResult Result)> _items = [];
    private readonly Dictionary<string, Subject> _subjects = [];
    private readonly Dictionary<string, double> _seconds = [];
    private readonly List<IDisposable> _owned = [];
    private Classifier? _original;
    private MetricsEvaluator? _evaluator;
    private SplitPredictions? _oracleSays;

    public SeedRun(ExperimentContext context, PlannedTask task, ulong seed)
    {
        (_context, _task) = (context, task);
        var draws = new DrawSource(seed);
        _experiment = new Experiment(context.Data.Train, context.Data.Test, draws, context.Compute, context.Folder.Directory, context.Clock, new Prefixed($"{task.Name} {seed}: ", context.Progress)) { Cache = context.Cache };
        Split = task.Forget.Split(context.Data.Train, draws, context.Data.Test);
    }

    /// <summary>What is forgotten.</summary>
    public ForgetSplit Split { get; }

    /// <summary>All random numbers.</summary>
    public DrawSource Draws => _experiment.Draws;

    /// <summary>Addresses of original and methods, known once the run is done.</summary>
    public IReadOnlyList<string> Keys => [.. _items.Select(item => item.Key)];

    private ulong Seed => Draws.Seed;

    private string Folder => ExperimentLayout.Seed(_task.Name, Seed);

    /// <summary>Does what is not done yet, and says what came of all.</summary>
    public SeedMeasurements Run(CancellationToken cancellation)
    {
        Split.Save(_context.Folder.Directory.FileAt(Folder));
        var original = Original(cancellation);
        // The oracle first: what the others are compared with.
        foreach (var method in _task.Methods.OrderBy(method => method.Name != ResultTable.Oracle)) Method(method, original, cancellation);
        // In the order of the table; the oracle is measured before it is needed.
        var measured = _items.Select(item => (item.Name, Measured: Measured(item.Name, cancellation))).Where(item => item.Measured is not null).ToDictionary(item => item.Name, item => item.Measured!);
        var rows = _items.Select(item => new ResultRow(item.Name, measured.GetValueOrDefault(item.Name)?.Metrics ?? UnlearningMetrics.None, null, SecondsOf(item.Name), item.Result.Steps, item.Result.StopReason)).ToList();
        var title = _task.Title ?? $"Forget {Split.Spec}: {Split.Forget.Length} of {Split.Count} images";
        var table = new ResultTable(title, Split.Spec, Split.Forget.Length, Split.Retain.Length, rows).WithGapsTo(rows.Find(row => row.Name == ResultTable.Oracle && measured.ContainsKey(row.Name)));
        _context.Folder.Directory.Write(Path.Combine(Folder, ExperimentLayout.Metrics), table);
        return new(table, measured);
    }

    /// <summary>The networks and vectors, loaded; they live as long as this run does.</summary>
    public IReadOnlyList<Subject> Subjects() => [.. _items.Where(item => item.Result.File is not null).Select(item => SubjectOf(item.Name))];

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    private double? SecondsOf(string name) => name == Subject.Original ? null : _seconds[name];

    private string Original(CancellationToken cancellation)
    {
        var train = _context.Data.Train;
        var model = _task.Model;
        var of = model.Checkpoint is { } file
            ? WorkKey.OfFile(file)
            : TrainingWork.Of(train, [.. Enumerable.Range(0, train.Count)], model.Architecture!, model.ShapeFor(train), model.Recipe!, Seed).Key();
        var inputs = new WorkInputs("original", [of], [train.ContentHash], "", model.Architecture ?? "", model.Recipe, Seed, CodeVersion.Current);
        var record = _context.Folder.Find<ItemResult>(ExperimentLayout.Item(_task.Name, Seed, Subject.Original), inputs);
        if (record is null)
        {
            var (network, seconds) = model.Checkpoint is null ? Trained() : (ExperimentCheck.Open(model, train, _context.Note), 0);
            _owned.Add(_original = network);
            network.to(_context.Compute.Device);
            var name = Subject.Original + ModelFile.Extension(network);
            var path = Path.Combine(Folder, name);
            ModelFile.Save(network, _context.Folder.Directory.FileAt(path));
            record = _context.Folder.Done(ExperimentLayout.Item(_task.Name, Seed, Subject.Original), inputs, [path], seconds, new ItemResult(name, false, null, null));
        }
        _items.Add((Subject.Original, record.Key, record.Result));
        return record.Key;

        (Classifier, double) Trained()
        {
            var trained = _experiment.Original(model.Architecture!, model.ShapeFor(train), model.Recipe!, cancellation);
            return (trained.Model, trained.Seconds);
        }
    }

    private void Method(IUnlearningMethod method, string original, CancellationToken cancellation)
    {
        var inputs = new WorkInputs("method", [original], [_context.Data.Train.ContentHash], WorkKey.OfRows(Split.Forget), method.Name, method.Options, Seed, CodeVersion.Current);
        var name = ExperimentLayout.Item(_task.Name, Seed, method.Name);
        var record = _context.Folder.Find<ItemResult>(name, inputs) ?? Make();
        _items.Add((method.Name, record.Key, record.Result));
        _seconds[method.Name] = record.Seconds;

        WorkRecord<ItemResult> Make()
        {
            // Loaded before the scope begins, which would take its tensors along.
            var model = OriginalModel();
            using var scope = NewDisposeScope();
            var start = _context.Clock.GetTimestamp();
            try
            {
                var (outcome, seconds) = _experiment.Forget(Folder, method, Split, model, cancellation);
                using (outcome)
                {
                    var file = Experiment.FileOf(method, model);
                    string[] files = [Path.Combine(Folder, file), Path.Combine(Folder, method.Name + ".trace.json")];
                    return _context.Folder.Done(name, inputs, files, seconds, new ItemResult(file, outcome.ForgetVector is not null, outcome.Steps, outcome.StopReason));
                }
            }
            catch (DivergedException e)
            {
                // The same seed would diverge again: a finding, not an accident.
                return _context.Folder.Done(name, inputs, [], _context.Clock.GetElapsedTime(start).TotalSeconds, new ItemResult(null, false, null, e.Message));
            }
        }
    }

    /// <summary>A subject's measurement, kept or made now; null for one that diverged. Its distance to the oracle is part of it, and the oracle so part of its address.</summary>
    private ModelMeasurement? Measured(string subject, CancellationToken cancellation)
    {
        var item = _items.Find(item => item.Name == subject);
        if (item.Result.File is null) return null;
        var oracle = _items.Find(item => item.Name == ResultTable.Oracle);
        string[] of = oracle.Result?.File is null ? [item.Key] : [item.Key, oracle.Key];
        var inputs = new WorkInputs("measurement", of, [_context.Data.Train.ContentHash, _context.Data.Test.ContentHash], WorkKey.OfRows(Split.Forget), subject, _context.Plan.Metrics, Seed, CodeVersion.Current);
        var (name, file) = (ExperimentLayout.MeasuredItem(_task.Name, Seed, subject), ExperimentLayout.Measurement(_task.Name, Seed, subject));
        if (_context.Folder.Find<UnlearningMetrics>(name, inputs) is not null) return _context.Folder.Read<ModelMeasurement>(file);
        _evaluator ??= new MetricsEvaluator(_context.Data.Train, _context.Data.Test, Split, Draws, _context.Compute, _context.Clock, _context.Plan.Metrics);
        Report(0);
        if (of.Length > 1 && _oracleSays is null)
        {
            var yardstick = SubjectOf(ResultTable.Oracle);
            _oracleSays = _evaluator.Predict(yardstick.Model, yardstick.ForgetVector, cancellation);
        }
        var model = SubjectOf(subject);
        var measured = _evaluator.Measure(model.Model, model.ForgetVector, _oracleSays, cancellation);
        _context.Folder.Directory.Write(file, measured);
        _context.Folder.Done(name, inputs, [file], measured.MeasuringSeconds, measured.Metrics);
        Report(1);
        return measured;

        void Report(int done) => _experiment.Progress.Report(new($"measure {subject}", done, 1, ""));
    }

    private Classifier OriginalModel()
    {
        if (_original is null) _owned.Add(_original = Load(_items[0].Result.File!));
        return _original;
    }

    private Subject SubjectOf(string name)
    {
        if (_subjects.TryGetValue(name, out var known)) return known;
        var result = _items.Find(item => item.Name == name).Result;
        Subject subject;
        if (name == Subject.Original)
        {
            subject = new(name, OriginalModel(), null);
        }
        else if (result.IsVector)
        {
            var vector = ForgetVectorFile.Load(_context.Folder.Directory.FileAt(Path.Combine(Folder, result.File!)), OriginalModel().Options, _context.Compute.Device);
            _owned.Add(vector);
            subject = new(name, OriginalModel(), vector);
        }
        else
        {
            var model = Load(result.File!);
            _owned.Add(model);
            subject = new(name, model, null);
        }
        return _subjects[name] = subject;
    }

    private Classifier Load(string file)
    {
        var path = _context.Folder.Directory.FileAt(Path.Combine(Folder, file));
        var model = ModelFile.Load(path, null, _task.Model.ShapeFor(_context.Data.Train), _context.Note, _task.Model.TorchScript ? new ScriptTerms(_task.Model.Normalisation) : null);
        model.to(_context.Compute.Device);
        return model;
    }

    // Not Progress<T>: that one reports from another thread, and late.
    private sealed class Prefixed(string prefix, IProgress<RunProgress> target) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => target.Report(value with { Stage = prefix + value.Stage });
    }
}
