using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Models;
using Lacuna.Studies;
using Lacuna.Studies.Relearning;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies.Relearning;

[Collection(TensorLibrary.Name)]
public sealed class RelearningStudyTests : IDisposable
{
    private static readonly RelearningOptions options = new() { LearningRate = 0.02, BatchSize = 6, RetainImages = 6, MaxSteps = 60 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly StudyBench _bench = new();

    public void Dispose()
    {
        _bench.Dispose();
        _scope.Dispose();
    }

    /// <summary>
    /// The original is there at once. A network whose last bias alone hides the class is back long before the one that never saw it. What a vector hides is learned with the vector.
    /// </summary>
    [Fact]
    public void WhatWasOnlyHiddenComesBackSooner()
    {
        var original = _bench.AddTrained(Subject.Original);
        var oracle = _bench.AddRetrained();
        var hidden = Hide(_bench.AddTrained("mu-mis"));
        // Moves the bright band from the rows of class 1 to those of class 0.
        var vector = zeros(1, 8, 8);
        vector.narrow(1, 0, 2).fill_(0.6f);
        vector.narrow(1, 3, 2).fill_(-0.6f);
        var covered = _bench.AddTrained("forget-vector", vector);
        var before = _bench.Subjects.Select(subject => Tiny.Fingerprint(subject.Model)).ToArray();
        var figure = Run(options);
        Assert.Equal(before, _bench.Subjects.Select(subject => Tiny.Fingerprint(subject.Model)));

        var lines = Assert.IsType<LinePanel>(figure.Panels[0]).Lines;
        Assert.Equal(["original", "retrain", "mu-mis", "forget-vector", "target"], lines.Select(line => line.Name));
        double[] starts = [Accuracy(original, null), Accuracy(oracle, null), Accuracy(hidden, null), Accuracy(covered, vector)];
        Assert.Equal(starts, lines.Take(4).Select(line => line.Y[0]));
        Assert.Equal(100, starts[0]);
        Assert.All(starts.Skip(1), accuracy => Assert.True(accuracy < 95));
        Assert.All(lines.Take(4), line => Assert.Equal(Enumerable.Range(0, line.Y.Count).Select(step => (double)step), line.X));
        // Curves end at the first value at the target.
        Assert.All(lines.Take(4), line => Assert.True(line.Y.SkipLast(1).All(y => y < 95)));
        Assert.Equal([95, 95], lines[4].Y);

        int[] steps = [.. lines.Take(4).Select(line => line.Y.Count - 1)];
        Assert.True(steps[0] == 0 && steps[2] >= 1 && steps[2] < steps[1], $"steps {string.Join(", ", steps)}");
        var rows = Assert.IsType<TablePanel>(figure.Panels[1]).Rows;
        Assert.Equal(lines.Take(4).Select(line => line.Name), rows.Select(row => row[0]));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(FormattableString.Invariant($"{steps[i]}"), rows[i][2]);
            Assert.Equal(FormattableString.Invariant($"{12 * steps[i]}"), rows[i][3]);
            Assert.Equal(FormattableString.Invariant($"{(double)steps[i] / steps[1]:0.##}"), rows[i][4]);
        }
        Assert.Equal(1 + lines.Take(4).Sum(line => line.Y.Count), File.ReadAllLines(_bench.Folder.File("relearning.csv")).Length);
    }

    /// <summary>One step over all forget images is one step of gradient descent on their cross-entropy, in training mode.</summary>
    [Fact]
    public void AStepIsOneOfGradientDescent()
    {
        _bench.AddTrained(Subject.Original);
        var oracle = _bench.AddRetrained();
        var vector = full(new long[] { 1, 8, 8 }, 0.1f);
        _bench.Subjects[1] = new("retrain", oracle, vector);
        foreach (var rate in (double[])[0.002, 0.005, 0.01, 0.02, 0.05])
        {
            var curve = Assert.IsType<LinePanel>(Run(options with { LearningRate = rate, BatchSize = 12, RetainImages = 0, MaxSteps = 1 }).Panels[0]).Lines[1].Y;
            using var copy = ModelZoo.Clone(oracle);
            copy.train();
            var batch = new BatchSource(_bench.Train, _bench.Split.Forget, CPU).All();
            nn.functional.cross_entropy(copy.call(batch.Images + vector), batch.Labels).backward();
            using (no_grad())
            {
                foreach (var (_, parameter) in copy.TrainableParameters()) parameter.sub_(parameter.grad! * rate);
            }
            copy.eval();
            Assert.Equal([Accuracy(oracle, vector), Accuracy(copy, vector)], curve);
        }
    }

    [Fact]
    public void TheCapIsSaid()
    {
        _bench.AddTrained(Subject.Original);
        _bench.AddRetrained();
        var figure = Run(options with { LearningRate = 1e-9, MaxSteps = 3 });
        Assert.Contains("after 3 steps, the cap", figure.Caption, StringComparison.Ordinal);
        Assert.Equal(["retrain", "> 3", "> 36", ""], Assert.IsType<TablePanel>(figure.Panels[1]).Rows[1].Where((_, i) => i != 1));
    }

    [Theory]
    [InlineData(6, 3, "2")]
    [InlineData(0, 3, "0")]
    [InlineData(null, 4, "> 2.5")]
    [InlineData(5, null, "< 0.5")]
    [InlineData(null, null, "")]
    [InlineData(2, 0, "")]
    [InlineData(0, 0, "")]
    public void TheIndexIsTheRatioOrABoundOrNothing(int? steps, int? oracle, string expected)
    {
        static string Number(double value) => FormattableString.Invariant($"{value:0.##}");
        RelearningCurve own = new("mu-mis", [], steps);
        Assert.Equal(expected, own.AnamnesisIndex(new("retrain", [], oracle), 10, Number));
        Assert.Equal("", own.AnamnesisIndex(null, 10, Number));
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new RelearningStudy(options with { LearningRate = 0 }));
        Assert.Throws<ArgumentException>(() => new RelearningStudy(options with { MaxSteps = 0 }));
        Assert.Throws<ArgumentException>(() => new RelearningStudy(options with { RetainImages = -1 }));
        Assert.Throws<ArgumentException>(() => new RelearningStudy(options with { Margin = 101 }));
    }

    private Figure Run(RelearningOptions with)
    {
        var study = new RelearningStudy(with);
        Assert.Null(study.Lacks(_bench.Context));
        return Assert.Single(study.Run(_bench.Context, TestContext.Current.CancellationToken));
    }

    private double Accuracy(Classifier model, Tensor? vector) =>
        new Predictor(model, vector, CPU).Of(_bench.Train, _bench.Split.Forget, TestContext.Current.CancellationToken).AccuracyPercent;

    private static Classifier Hide(Classifier model)
    {
        using var _ = no_grad();
        model.named_parameters().Single(p => p.name == "fc2.bias").parameter.select(0, 1).sub_(6);
        return model;
    }
}
