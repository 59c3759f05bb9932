using System.Text.Json;
using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Runs;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation.Measurements;

/// <summary>The whole measurement of a network on a split whose class 1 is forgotten, each number counted again one image at a time.</summary>
[Collection(TensorLibrary.Name)]
public sealed class ModelMeasurementTests : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly ImageSet _train = Bands(12);
    private readonly ImageSet _test = Bands(5);
    private readonly ForgetSplit _split;
    private readonly MetricsEvaluator _evaluator;

    // Untrained weights, so that the classes are confused with each other.
    private readonly StagedClassifier _model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 8);

    public ModelMeasurementTests()
    {
        // Two images of class 1 are retained.
        _split = new("class:1", 1, _train.Name, _train.ContentHash, _train.Count, [.. Enumerable.Range(2, 10).Select(i => 3 * i + 1)], new([1], []));
        _evaluator = new(_train, _test, _split, new DrawSource(1), CPU);
        _model.eval();
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void EveryAccuracyIsACountOverItsOwnImages()
    {
        using var trained = Trained();
        foreach (var model in (Classifier[])[_model, trained])
        {
            var measured = _evaluator.Measure(model, null, Cancellation);
            var forget = _split.Forget.ToArray();
            Assert.Equal(Share(model, _test, _ => true), measured.TestAccuracyAll!.Value, 1e-9);
            Assert.Equal(Share(model, _test, n => _test.Labels.Span[n] == 1), measured.TestAccuracyForgotten!.Value, 1e-9);
            Assert.Equal(Share(model, _test, n => _test.Labels.Span[n] != 1), measured.Metrics.TestAccuracy, 1e-9);
            for (var k = 0; k < Classes; k++)
            {
                Assert.Equal((k, _train.ClassNames[k]), (measured.Classes[k].Class, measured.Classes[k].Name));
                Assert.Equal(Share(model, _train, n => _train.Labels.Span[n] == k && !forget.Contains(n)), measured.Classes[k].Retain!.Value, 1e-9);
                Assert.Equal(Share(model, _test, n => _test.Labels.Span[n] == k), measured.Classes[k].Test!.Value, 1e-9);
            }
            Assert.Equal([null, 100 - measured.Metrics.UnlearningAccuracy, null], measured.Classes.Select(k => k.Forget));
            Assert.Equal((15, 10), (measured.TestPredictions.Images, measured.ForgetPredictions.Images));
            for (var k = 0; k < Classes; k++)
                Assert.Equal(Enumerable.Range(0, 15).Count(n => _test.Labels.Span[n] == 1 && Says(model, _test, n) == k), measured.TestPredictions.Counts[1][k]);
        }
    }

    /// <summary>What is left out leaves the rest as it was, the table's attack included.</summary>
    [Fact]
    public void GroupsThatAreLeftOutChangeNothingElse()
    {
        var all = _evaluator.Measure(_model, null, _evaluator.Predict(_model, cancellation: Cancellation), Cancellation);
        Assert.True(all is { Membership.Count: > 1, ToOracle: not null, ZeroRetrainForgetting: not null });
        var none = new MetricsEvaluator(_train, _test, _split, new DrawSource(1), CPU, groups: MetricGroups.None).Measure(_model, null, _evaluator.Predict(_model, cancellation: Cancellation), Cancellation);
        Assert.True(none is { Membership.Count: 0, ToOracle: null, ZeroRetrainForgetting: null });
        Assert.Equal(all.Metrics, none.Metrics);
        Assert.Equal(all.Membership[0].EfficacyPercent, none.Metrics.MembershipEfficacy);
    }

    /// <summary>Without whole classes there are no test images to forget, and TA is over all.</summary>
    [Fact]
    public void SingleImagesLeaveTheTestSetWhole()
    {
        ForgetSplit random = new("random:3", 1, _train.Name, _train.ContentHash, _train.Count, [1, 5, 9], ForgottenClasses.None);
        var measured = new MetricsEvaluator(_train, _test, random, new DrawSource(1), CPU).Measure(_model, null, Cancellation);
        Assert.Null(measured.TestAccuracyForgotten);
        Assert.Equal(measured.Metrics.TestAccuracy, measured.TestAccuracyAll!.Value, 1e-12);
        Assert.DoesNotContain("TA-forgotten", measured.Figures().Select(figure => figure.Symbol));
    }

    /// <summary>The tensor library's own kl_div(log q, p) of the oracle's p, and no distance of the oracle to itself.</summary>
    [Fact]
    public void TheDistanceToTheOracleIsThatOfItsOutputs()
    {
        using var oracle = Trained();
        var said = _evaluator.Predict(oracle, null, Cancellation);
        var none = _evaluator.Measure(oracle, null, said, Cancellation).ToOracle!;
        Assert.Equal(new(0, 0, 0), none.KullbackLeibler);
        Assert.InRange(none.JensenShannon.Test!.Value, 0, 1e-15);
        var distance = _evaluator.Measure(_model, null, said, Cancellation).ToOracle!;
        using var scope = NewDisposeScope();
        double Expected(ImageSet set, int[] rows)
        {
            var images = new BatchSource(set, rows, CPU).All().Images;
            var (p, q) = (oracle.call(images).detach().to(float64), _model.call(images).detach().to(float64));
            return (p.softmax(1) * (p.log_softmax(1) - q.log_softmax(1))).sum(1).mean().item<double>();
        }
        oracle.eval();
        Assert.Equal(Expected(_train, _split.Forget.ToArray()), distance.KullbackLeibler.Forget!.Value, 1e-5);
        Assert.Equal(Expected(_train, _split.Retain.ToArray()), distance.KullbackLeibler.Retain!.Value, 1e-5);
        Assert.Equal(Expected(_test, [.. Enumerable.Range(0, 15)]), distance.KullbackLeibler.Test!.Value, 1e-5);
        Assert.NotEqual(distance.KullbackLeibler.Forget.Value, distance.KullbackLeibler.Retain.Value, 1e-3);
        Assert.InRange(distance.JensenShannon.Test!.Value, 1e-3, Math.Log(2));
    }

    /// <summary>The random network is the same for every model of a make, and drawn from the seed.</summary>
    [Fact]
    public void ZrfIsOneForTheRandomNetworkItself()
    {
        using var random = ModelZoo.Create("cnn-s", Grey(Classes), new DrawSource(1).DeriveSeed(DrawPurpose.RandomNetwork));
        using var trained = Trained();
        Assert.Equal(1, _evaluator.Measure(random, null, Cancellation).ZeroRetrainForgetting!.Value, 1e-6);
        Assert.InRange(_evaluator.Measure(trained, null, Cancellation).ZeroRetrainForgetting!.Value, 0.1, 0.9);
        Assert.Same(_evaluator.OfRandomNetwork(trained, Cancellation), _evaluator.OfRandomNetwork(_model, Cancellation));
    }

    [Fact]
    public void AForgetVectorIsSeenByEveryFigureButTheRandomNetwork()
    {
        using var trained = Trained();
        using var delta = full(new long[] { 1, 8, 8 }, 0.4f);
        var (plain, moved) = (_evaluator.Measure(trained, null, Cancellation), _evaluator.Measure(trained, delta, Cancellation));
        Assert.Same(_evaluator.OfRandomNetwork(trained, Cancellation), _evaluator.OfRandomNetwork(trained, Cancellation));
        Assert.NotEqual(plain.ZeroRetrainForgetting, moved.ZeroRetrainForgetting);
        Assert.Equal(_evaluator.Predict(trained, delta, Cancellation).TestForget.AccuracyPercent, moved.TestAccuracyForgotten);
    }

    [Fact]
    public void EveryFigureHasADefinition()
    {
        var said = _evaluator.Predict(_model, null, Cancellation);
        var symbols = _evaluator.Measure(_model, null, said, Cancellation).Figures().Select(figure => figure.Symbol).ToArray();
        Assert.Equal(13, symbols.Length);
        Assert.Subset(MetricDefinitions.All.Select(metric => metric.Symbol).ToHashSet(), symbols.ToHashSet());
    }

    [Fact]
    public void JsonComesBackDigitByDigit()
    {
        using var oracle = Trained();
        var measured = _evaluator.Measure(_model, null, _evaluator.Predict(oracle, null, Cancellation), Cancellation);
        var text = JsonSerializer.Serialize(measured, RunJson.Options);
        var back = JsonSerializer.Deserialize<ModelMeasurement>(text, RunJson.Options)!;
        Assert.Equal(text, JsonSerializer.Serialize(back, RunJson.Options));
        Assert.Equal(measured.Figures(), back.Figures());
        Assert.Equal(measured.Classes, back.Classes);
    }

    private static double Share(Classifier model, ImageSet set, Func<int, bool> which) =>
        100 * Enumerable.Range(0, set.Count).Where(which).Average(n => Says(model, set, n) == set.Labels.Span[n] ? 1.0 : 0.0);

    private static int Says(Classifier model, ImageSet set, int row)
    {
        using var scope = NewDisposeScope();
        model.eval();
        return (int)model.call(new BatchSource(set, [row], CPU).All().Images).argmax(1).ToInt64();
    }
}
