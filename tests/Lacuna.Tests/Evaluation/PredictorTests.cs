using Lacuna.Data;
using Lacuna.Evaluation;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Tests.Methods;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation;

public sealed class PredictorTests : IDisposable
{
    private static readonly int[] rows = [20, 3, 4, 11, 30];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Classifier _model = Trained();
    private readonly ImageSet _set = Bands(12);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(500)]
    public void PredictionsAreTheModelsAndOneImageAfterTheOther(int batchSize)
    {
        _model.train();
        var before = Fingerprint(_model);
        var predictions = new Predictor(_model, null, CPU, batchSize).Of(_set, rows, TestContext.Current.CancellationToken);
        Assert.Equal(before, Fingerprint(_model));
        _model.eval();
        AssertAre(_model.call(Images()), predictions);
    }

    [Fact]
    public void AForgetVectorIsAddedToEveryImage()
    {
        var delta = (Tests.Models.Formula.Values(6, 1, 8, 8) - 0.5).to(float32) * 3;
        var predictions = new Predictor(_model, delta, CPU, 2).Of(_set, rows, TestContext.Current.CancellationToken);
        AssertAre(_model.call(Images() + delta), predictions);
        Assert.NotEqual(new Predictor(_model, null, CPU).Of(_set, rows, TestContext.Current.CancellationToken).LabelConfidence, predictions.LabelConfidence);
    }

    [Fact]
    public void NoRowsMakeNoPredictions() =>
        Assert.Equal(0, new Predictor(_model, null, CPU).Of(_set, [], TestContext.Current.CancellationToken).Count);

    /// <summary>
    /// Untrained weights on a forgotten class: the accuracies by counting, the test images of the forgotten class left out,
    /// and the attack on the same confidences with the same draws.
    /// </summary>
    [Fact]
    public void MetricsAreCountsOverTheSplit()
    {
        using var model = ModelZoo.Create("cnn-s", Grey(Classes), seed: 8);
        model.eval();
        var test = Bands(5);
        int[] forget = [.. Enumerable.Range(0, 12).Select(i => 3 * i + 1)];
        ForgetSplit split = new("class:1", 1, _set.Name, _set.ContentHash, _set.Count, forget, new([1], []));
        var draws = new DrawSource(1);
        var measured = new MetricsEvaluator(_set, test, split, draws, CPU).Measure(model, null, TestContext.Current.CancellationToken).Metrics;

        double[] Share(ImageSet set, int label) => [.. Enumerable.Range(0, set.Count).Where(n => set.Labels.Span[n] == label)
            .Select(n => model.call(new BatchSource(set, [n], CPU).All().Images).argmax(1).ToInt64() == set.Labels.Span[n] ? 1.0 : 0.0)];
        Assert.Equal(100 - 100 * Share(_set, 1).Average(), measured.UnlearningAccuracy, 1e-9);
        Assert.Equal(100 * Share(_set, 0).Concat(Share(_set, 2)).Average(), measured.RetainAccuracy, 1e-9);
        Assert.Equal(100 * Share(test, 0).Concat(Share(test, 2)).Average(), measured.TestAccuracy, 1e-9);

        var predictor = new Predictor(model, null, CPU);
        double[] Confidence(ImageSet set, params int[] labels) =>
            [.. predictor.Of(set, [.. Enumerable.Range(0, set.Count).Where(n => labels.Contains(set.Labels.Span[n]))], TestContext.Current.CancellationToken).LabelConfidence];
        // Twenty-four retain images against ten test images: ten of the former are drawn.
        var members = Confidence(_set, 0, 2);
        var chosen = draws.Choose(10, 24, DrawPurpose.MembershipSample, 0).Select(i => members[i]).ToArray();
        var efficacy = RbfSvc.Fit(chosen, Confidence(test, 0, 2)).Predict(Confidence(_set, 1)).Count(member => !member) / 12.0;
        Assert.Equal(100 * efficacy, measured.MembershipEfficacy, 1e-9);
    }

    private Tensor Images() => new BatchSource(_set, rows, CPU).All().Images;

    private void AssertAre(Tensor logits, Predictions predictions)
    {
        var expected = Numbers(logits).Chunk(Classes).ToArray();
        Assert.Equal(rows.Select(row => _set.Labels.Span[row]), predictions.Labels);
        Assert.Equal(expected.Select(z => Array.IndexOf(z, z.Max())), predictions.Predicted);
        for (var n = 0; n < rows.Length; n++)
            Assert.Equal(Math.Exp(expected[n][predictions.Labels[n]]) / expected[n].Sum(Math.Exp), predictions.LabelConfidence[n], 1e-5);
    }
}
