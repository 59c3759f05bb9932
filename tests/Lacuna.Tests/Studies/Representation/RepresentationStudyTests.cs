using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Figures;
using Lacuna.Models;
using Lacuna.Studies;
using Lacuna.Studies.Representation;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies.Representation;

/// <summary>The figure's numbers against features taken one model at a time, without the study.</summary>
[Collection(TensorLibrary.Name)]
public sealed class RepresentationStudyTests : IDisposable
{
    private static readonly RepresentationOptions options = new() { Images = 100, Bank = 36, Neighbours = 3 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly StudyBench _bench = new();
    private readonly Tensor _vector = full(new long[] { 1, 8, 8 }, 0.3f);

    public RepresentationStudyTests()
    {
        _bench.AddTrained(Subject.Original);
        _bench.AddRetrained();
        _bench.AddTrained("forget-vector", _vector);
        _bench.AddTrained("fine-tune");
    }

    public void Dispose()
    {
        _bench.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void EveryPointIsTheCkaOfItsOwnLayerModelsAndImages()
    {
        var figure = Run();
        Assert.Equal("representation", figure.Id);
        var panels = figure.Panels.OfType<LinePanel>().ToDictionary(panel => panel.Title);
        Assert.Equal(["Forget images, against original", "Forget images, against retrain", "Retain images, against original", "Retain images, against retrain"], panels.Keys);
        foreach (var (images, rows) in new[] { ("Forget", _bench.Split.Forget.ToArray()), ("Retain", _bench.Split.Retain.ToArray()) })
        {
            foreach (var with in (string[])["original", "retrain"])
            {
                var panel = panels[$"{images} images, against {with}"];
                Assert.Equal(_bench.Subjects.Select(subject => subject.Name).Where(name => name != with), panel.Lines.Select(line => line.Name));
                Assert.Equal(["conv1", "conv2", "penultimate", "logits"], panel.Marks.Select(mark => mark.Name));
                foreach (var line in panel.Lines)
                {
                    Assert.Equal([1, 2, 3, 4], line.X);
                    foreach (var mark in panel.Marks)
                        Assert.Equal(LinearCka.Of(Features(with, rows, mark.Name), Features(line.Name, rows, mark.Name)).Unbiased, line.Y[(int)mark.At - 1], 1e-6);
                }
            }
        }
        // The twin is the original; a vector changes what the layers see; another network differs more.
        Assert.All(panels["Forget images, against original"].Lines.Single(line => line.Name == "fine-tune").Y, y => Assert.Equal(1, y, 1e-9));
        Assert.All(panels["Retain images, against original"].Lines.Single(line => line.Name == "forget-vector").Y, y => Assert.InRange(y, 0.2, 0.9999));
    }

    [Fact]
    public void BarsAreVotesOfTheNearestTrainingImages()
    {
        var panel = Assert.IsType<BarPanel>(Run().Panels[^1]);
        Assert.Equal(["test images of what was forgotten", "other test images"], panel.Categories);
        Assert.Equal(_bench.Subjects.Select(subject => subject.Name), panel.Series.Select(series => series.Name));
        var (forgotten, other) = _bench.Split.DivideTest(_bench.Test);
        foreach (var series in panel.Series)
        {
            Assert.Equal(Votes(series.Name, forgotten), series.Values[0], 1e-9);
            Assert.Equal(Votes(series.Name, other), series.Values[1], 1e-9);
        }
        Assert.Equal(100, panel.Series[0].Values[0]);
    }

    [Fact]
    public void TheCsvHasBothEstimatorsOfEveryPoint()
    {
        Run();
        var lines = File.ReadAllLines(_bench.Folder.File("representation-cka.csv"));
        Assert.Equal("Images,With,Model,Place,Layer,Unbiased,Biased", lines[0]);
        Assert.Equal(1 + 2 * (3 + 3) * 4, lines.Length);
        var cka = LinearCka.Of(Features("original", _bench.Split.Forget.ToArray(), "conv2"), Features("retrain", _bench.Split.Forget.ToArray(), "conv2"));
        var cells = lines.Single(line => line.StartsWith("forget,original,retrain,2,conv2,", StringComparison.Ordinal)).Split(',');
        Assert.Equal(cka.Unbiased, double.Parse(cells[5], System.Globalization.CultureInfo.InvariantCulture), 1e-6);
        Assert.Equal(cka.Biased, double.Parse(cells[6], System.Globalization.CultureInfo.InvariantCulture), 1e-6);
        Assert.Equal(5, File.ReadAllLines(_bench.Folder.File("representation-neighbours.csv")).Length);
    }

    /// <summary>A random forget set has no test images of its own, and without an oracle there is nothing to compare with but the original.</summary>
    [Fact]
    public void SingleImagesAndNoOracleLeaveTheirPartsOut()
    {
        using var bench = new StudyBench { Split = new("random:6", 1, _bench.Train.Name, _bench.Train.ContentHash, 36, [0, 4, 8, 12, 16, 20], ForgottenClasses.None) };
        bench.AddTrained(Subject.Original);
        bench.AddTrained("mu-mis");
        var figure = new RepresentationStudy(options).Run(bench.Context, TestContext.Current.CancellationToken)[0];
        Assert.Equal(["Forget images, against original", "Retain images, against original", "Nearest neighbours in the penultimate layer"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(["test images"], Assert.IsType<BarPanel>(figure.Panels[^1]).Categories);
    }

    [Fact]
    public void WhatItCannotDoIsSaid()
    {
        var study = new RepresentationStudy(options);
        Assert.Null(study.Lacks(_bench.Context));
        var few = _bench.Context with { Split = new("rows", 1, _bench.Train.Name, _bench.Train.ContentHash, 36, [1, 2], ForgottenClasses.None) };
        Assert.Contains("at least 4 forget", study.Lacks(few), StringComparison.Ordinal);
        Assert.Contains("36", new RepresentationStudy(options with { Neighbours = 37, Bank = 40 }).Lacks(_bench.Context) is { } text ? text.Replace("37", "36", StringComparison.Ordinal) : "", StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RepresentationStudy(options with { Images = 3 }));
        Assert.Throws<ArgumentException>(() => new RepresentationStudy(options with { Bank = 2 }));
    }

    private Figure Run() => Assert.Single(new RepresentationStudy(options).Run(_bench.Context, TestContext.Current.CancellationToken));

    /// <summary>All images in one batch; maps to 4x4 places by hand where the tensor library divides evenly (8x8 images give maps of 4x4 and 2x2).</summary>
    private Tensor Features(string subject, int[] rows, string layer) => Features(subject, _bench.Train, rows, layer);

    private Tensor Features(string subject, ImageSet set, int[] rows, string layer)
    {
        var (_, model, vector) = _bench.Subjects.Single(each => each.Name == subject);
        using var _ = no_grad();
        var images = new BatchSource(set, rows, CPU).All().Images;
        Tensor? found = null;
        ((StagedClassifier)model).Observe(vector is null ? images : images + vector, (name, activations) =>
        {
            if (name == layer) found = activations.flatten(1).to(float64).clone();
        });
        return found!;
    }

    private double Votes(string subject, int[] queries)
    {
        double[][] bank = [.. Tiny.Numbers(Features(subject, _bench.Train, [.. Enumerable.Range(0, 36)], "penultimate")).Chunk(512)];
        double[][] asked = [.. Tiny.Numbers(Features(subject, _bench.Test, queries, "penultimate")).Chunk(512)];
        static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
        var right = queries.Where((row, i) => Enumerable.Range(0, 36).OrderByDescending(n => Cosine(bank[n], asked[i])).Take(3)
            .GroupBy(n => n % 3).OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key).First().Key == _bench.Test.Labels.Span[row]).Count();
        return 100.0 * right / queries.Length;
    }
}
