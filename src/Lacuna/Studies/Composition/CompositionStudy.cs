using System.Globalization;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Methods;
using Lacuna.Methods.Composition;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.Retrain;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using Lacuna.Runs;

namespace Lacuna.Studies.Composition;

/// <summary>
/// Forget-vector arithmetic (Sun et al. 2024, arXiv 2412.16780): a vector a class, then coefficients that forget an unseen share of two classes' images, against a vector
/// trained for it and a network retrained without it; and the plane of the two classes' coefficients as heat maps.
/// </summary>
public sealed class CompositionStudy : IStudy
{
    private readonly CompositionStudyOptions _options;

    /// <param name="options">Validated here.</param>
    public CompositionStudy(CompositionStudyOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "composition";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context)
    {
        var classes = context.Train.ClassCount;
        if (classes < 3) return $"{context.Train.Name} has {classes} classes; with fewer than three there is nothing to retain beside two of them. Give data of more classes.";
        if (_options.Classes.Concat(_options.Plane).FirstOrDefault(c => c < 0 || c >= classes, -1) is var wrong and not -1)
            return $"There is no class {wrong} in {context.Train.Name}, which has {classes}. Name others.";
        var empty = ClassesOf(context).Union(PlaneOf(context)).Where(c => context.Train.CountsPerClass()[c] == 0).ToArray();
        return empty.Length > 0 ? $"{context.Train.Name} has no image of class {empty[0]}. Name the classes that have some." : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var original = context.Original.Model;
        var plane = PlaneOf(context);
        var vectors = new ClassVectors(context, original, _options.Vector, cancellation).Train(ClassesOf(context));
        StoredForgetVector VectorOf(int label) => vectors.Single(vector => vector.Label == label).Vector;
        StoredForgetVector[] two = [.. plane.Select(VectorOf)];

        var words = _options.Forget.Length > 0 ? _options.Forget : string.Create(CultureInfo.InvariantCulture, $"random:{_options.SharePercent:0.####}%@class:{plane[0]},{plane[1]}");
        var split = ForgetSetSpec.Parse(words).Split(context.Train, context.Draws);
        split.Save(Path.Combine(context.Folder, "composition-split"));
        var evaluator = new MetricsEvaluator(context.Train, context.Test, split, context.Draws, context.Compute);
        var rows = new List<CompositionRow> { new(Subject.Original, evaluator.MeasureTable(original, null, cancellation), null) };
        // What a TorchScript module's weights started from is not known, so that it cannot be trained anew.
        if (original is not ScriptedClassifier) Add(ResultTable.Oracle, new RetrainMethod(context.Recipe));
        Add("forget-vector", new ForgetVectorMethod(_options.Vector));
        var all = Add(CompositionMethod.MethodName, new CompositionMethod(_options.Coefficients, [.. vectors.Select(vector => vector.Vector)]));
        var pair = Add($"{CompositionMethod.MethodName} (two)", new CompositionMethod(_options.Coefficients, two));

        var axis = Enumerable.Range(-_options.Reach * _options.PointsPerUnit, 2 * _options.Reach * _options.PointsPerUnit + 1).Select(i => (double)i / _options.PointsPerUnit).ToArray();
        int[] sample = Array.ConvertAll(context.Draws.Choose(Math.Min(_options.RetainSample, split.Retain.Length), split.Retain.Length, DrawPurpose.CompositionSample, 0), i => split.Retain[i]);
        var map = CompositionPlane.Of(original, context.Train, split, sample, two[0], two[1], axis, _options.Coefficients, context.Compute,
            share => context.Progress.Report(new("plane of coefficients", (int)(100 * share), 100, "")), cancellation);
        context.Progress.Report(new("plane of coefficients", 100, 100, ""));
        return new CompositionFigures(context, split, plane, vectors, rows, all!, pair!, map, sample.Length).Make();

        IReadOnlyList<double>? Add(string name, IUnlearningMethod method)
        {
            using var outcome = method.Run(original, new(context.Train, split, context.Draws, context.Compute, new StageProgress(name, context.Progress)), cancellation);
            var coefficients = method is CompositionMethod composition ? composition.Coefficients.Select(k => outcome.Trace["w " + k][^1]).ToArray() : null;
            rows.Add(new(name, evaluator.MeasureTable(outcome.Model, outcome.ForgetVector, cancellation), coefficients));
            return coefficients;
        }
    }

    private IReadOnlyList<int> ClassesOf(StudyContext context) =>
        _options.Classes.Count > 0 ? _options.Classes : [.. Enumerable.Range(0, context.Train.ClassCount).Where(c => context.Train.CountsPerClass()[c] > 0)];

    private IReadOnlyList<int> PlaneOf(StudyContext context)
    {
        if (_options.Plane.Count > 0) return _options.Plane;
        var classes = ClassesOf(context);
        var first = Math.Max(0, classes.ToList().IndexOf(context.Split.Whole.Classes.FirstOrDefault(-1)));
        return [classes[first], classes[(first + 1) % classes.Count]];
    }
}
