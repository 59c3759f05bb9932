using System.Globalization;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Studies;
using Lacuna.Studies.Composition;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

public sealed class CompositionStudyTests : IDisposable
{
    // More retain images than there are, so that the plane is looked at on all of them.
    private static readonly CompositionStudyOptions options = new()
    {
        Plane = [2, 0], SharePercent = 50, RetainSample = 1000, Reach = 1, PointsPerUnit = 2, Vector = new() { Epochs = 4, BatchSize = 12 }, Coefficients = new() { Epochs = 3, BatchSize = 12, LearningRate = 0.001 },
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly Classifier _model = Tiny.Trained();
    private readonly ImageSet _train = Tiny.Bands(12);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void EveryCellIsWhatItsVectorDoesAndTheMarkIsAtTheCoefficients()
    {
        var study = new CompositionStudy(options);
        var context = Context("class:1");
        Assert.Null(study.Lacks(context));
        var figures = study.Run(context, TestContext.Current.CancellationToken);
        Assert.Equal(["composition", "composition-grid"], figures.Select(f => f.Id));
        var panels = figures[1].Panels.Cast<GridPanel>().ToArray();
        Assert.All(panels, panel => Assert.Equal(["1", "0.5", "0", "-0.5", "-1"], panel.Rows));
        Assert.All(panels, panel => Assert.Equal(["-1", "-0.5", "0", "0.5", "1"], panel.Columns));

        var split = ForgetSplit.Load(Path.Combine(_folder.Path, "composition-split"));
        Assert.Equal(("random:50%@class:2,0", 12), (split.Spec, split.Forget.Length));
        var (first, second) = (Vector(2), Vector(0));
        var all = new BatchSource(_train, Enumerable.Range(0, 36).ToArray(), CPU).All();
        var isForget = tensor(Enumerable.Range(0, 36).Select(split.Forget.ToArray().Contains).ToArray());
        foreach (var (row, column) in new[] { (0, 0), (0, 4), (1, 4), (4, 1), (2, 2), (3, 0) })
        {
            var (w1, w2) = (-1 + 0.5 * column, 1 - 0.5 * row);
            using var vector = first * w1 + second * w2;
            var predictor = new Predictor(_model, vector, CPU);
            Assert.Equal(100 - predictor.Of(_train, split.Forget, TestContext.Current.CancellationToken).AccuracyPercent, panels[0].Values[row][column], 1e-9);
            Assert.Equal(predictor.Of(_train, split.Retain, TestContext.Current.CancellationToken).AccuracyPercent, panels[1].Values[row][column], 1e-9);
            var loss = ForgetVectorLoss.Of(_model.call(all.Images + vector), all.Labels, isForget, 1).Weighted(1, 5).ToDouble() + Math.Sqrt(w1 * w1 + w2 * w2);
            // Float32 sums over 36 images in another order.
            Assert.Equal(loss, panels[2].Values[row][column], 1e-4 * Math.Max(1, loss));
        }

        var vectors = Assert.IsType<TablePanel>(figures[0].Panels[2]);
        double Pair(int label) => double.Parse(vectors.Rows[label][6], CultureInfo.InvariantCulture);
        Assert.Equal("", vectors.Rows[1][6]);
        Assert.NotEqual(Pair(2), Pair(0));
        Assert.All(panels, panel => Assert.Equal((2 - 2 * Pair(0), 2 + 2 * Pair(2)), (panel.Chosen!.Row, panel.Chosen.Column), Near));
        Assert.Equal(["original", "retrain", "forget-vector", "compose", "compose (two)"], Assert.IsType<TablePanel>(figures[0].Panels[1]).Rows.Select(r => r[0]));
        Assert.Equal(26, File.ReadLines(Path.Combine(_folder.Path, "composition-grid.csv")).Count());
    }

    [Fact]
    public void WhatCannotBeDoneIsSaid()
    {
        Assert.Contains("There is no class 7", new CompositionStudy(options with { Plane = [0, 7] }).Lacks(Context("class:1")));
        Assert.Contains("not among Classes", Assert.Throws<ArgumentException>(() => new CompositionStudy(options with { Classes = [0, 1] })).Message);
        Assert.Contains("two different classes", Assert.Throws<ArgumentException>(() => new CompositionStudy(options with { Plane = [1, 1] })).Message);
        Assert.Contains("SharePercent is 0", Assert.Throws<ArgumentException>(() => new CompositionStudy(options with { SharePercent = 0 })).Message);
    }

    // The table has three digits; a cell is half a unit.
    private static bool Near((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 2e-3 && Math.Abs(a.Item2 - b.Item2) < 2e-3;

    private Tensor Vector(int label) => ForgetVectorFile.Load(Path.Combine(_folder.Path, "class-vectors", $"class-{label}.safetensors"), _model.Options, CPU);

    private StudyContext Context(string forget)
    {
        var draws = new DrawSource(3);
        return new(_train, Tiny.Bands(6), ForgetSetSpec.Parse(forget).Split(_train, draws), draws, CPU, [new(Subject.Original, _model, null)], [], Tiny.Recipe, _folder.Path, TimeProvider.System, new SilentRun());
    }
}
