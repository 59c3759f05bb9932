using Lacuna.Data;
using Lacuna.Evaluation.Membership;
using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Measures models, with or without a forget vector, on one split. A model sees every forget, retain and test image once.</summary>
/// <param name="train">The training set.</param>
/// <param name="test">The test set.</param>
/// <param name="split">What is forgotten.</param>
/// <param name="draws">Choose the members and non-members of the attack, and the weights of the random network: the same ones for every model.</param>
/// <param name="compute">Where the models live, and the kernels there.</param>
/// <param name="clock">Says how long measuring takes; null for the system's.</param>
/// <param name="groups">What is measured besides the table's figures.</param>
public sealed class MetricsEvaluator(ImageSet train, ImageSet test, ForgetSplit split, DrawSource draws, Compute compute, TimeProvider? clock = null, MetricGroups groups = MetricGroups.All)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    // What untrained networks say of the forget images.
    private readonly Dictionary<(string Architecture, ModelOptions Options), Predictions> _random = [];

    /// <summary>The four figures of the table alone: one attack in place of all.</summary>
    public UnlearningMetrics MeasureTable(Classifier model, Tensor? forgetVector, CancellationToken cancellation)
    {
        var (forget, retain, kept, _) = Predict(model, forgetVector, cancellation);
        return UnlearningMetrics.Of(forget, retain, kept, draws);
    }

    /// <summary>The forward passes alone.</summary>
    public SplitPredictions Predict(Classifier model, Tensor? forgetVector = null, CancellationToken cancellation = default)
    {
        var predictor = new Predictor(model, forgetVector, compute);
        var (testForget, testRetain) = split.DivideTest(test);
        return new(predictor.Of(train, split.Forget, cancellation), predictor.Of(train, split.Retain, cancellation),
            predictor.Of(test, testRetain, cancellation), predictor.Of(test, testForget, cancellation));
    }

    /// <summary>All figures of a model, without its distance to the oracle.</summary>
    public ModelMeasurement Measure(Classifier model, Tensor? forgetVector = null, CancellationToken cancellation = default) =>
        Measure(model, forgetVector, null, cancellation);

    /// <summary>All figures of a model.</summary>
    /// <param name="model">Evaluated in eval mode.</param>
    /// <param name="forgetVector">[C, H, W], added to every image, or null.</param>
    /// <param name="oracle">What the retrained model of this split says, computed once for all models; null where there is none.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    public ModelMeasurement Measure(Classifier model, Tensor? forgetVector, SplitPredictions? oracle, CancellationToken cancellation) =>
        PredictAndMeasure(model, forgetVector, oracle, cancellation).Measured;

    /// <summary>As above, with the outputs themselves: an oracle's are what others are measured against.</summary>
    public (SplitPredictions Said, ModelMeasurement Measured) PredictAndMeasure(Classifier model, Tensor? forgetVector, SplitPredictions? oracle, CancellationToken cancellation)
    {
        var random = OfRandomNetwork(model, cancellation);
        var start = _clock.GetTimestamp();
        var said = Predict(model, forgetVector, cancellation);
        var measured = Measure(said, random, oracle);
        return (said, measured with { MeasuringSeconds = _clock.GetElapsedTime(start).TotalSeconds });
    }

    /// <summary>All figures of a model that was run before: no forward pass.</summary>
    /// <param name="model">From <see cref="Predict"/>.</param>
    /// <param name="random">From <see cref="OfRandomNetwork"/>; null leaves ZRF out.</param>
    /// <param name="oracle">The retrained model's, or null.</param>
    public ModelMeasurement Measure(SplitPredictions model, Predictions? random, SplitPredictions? oracle)
    {
        var start = _clock.GetTimestamp();
        var (forget, retain, kept, forgotten) = model;
        var classes = Math.Max(train.ClassCount, forget.Classes);
        var (ofForget, ofRetain, ofTest) = (PredictionMatrix.Of(classes, forget), PredictionMatrix.Of(classes, retain), PredictionMatrix.Of(classes, kept, forgotten));
        var attacks = groups.HasFlag(MetricGroups.Membership) ? MembershipAttacks.Run(retain, kept, forget, forgotten.Count == 0 ? null : forgotten, draws) : [];
        return new()
        {
            Metrics = attacks is [var confidence, ..] ? UnlearningMetrics.Of(forget, retain, kept, confidence.EfficacyPercent) : UnlearningMetrics.Of(forget, retain, kept, draws),
            Membership = attacks,
            TestAccuracyAll = ofTest.AccuracyPercent,
            TestAccuracyForgotten = forgotten.Count == 0 ? null : forgotten.AccuracyPercent,
            Classes = [.. train.ClassNames.Select((name, k) => new ClassAccuracy(k, name, ofForget.AccuracyPercentOf(k), ofRetain.AccuracyPercentOf(k), ofTest.AccuracyPercentOf(k)))],
            TestPredictions = ofTest,
            ForgetPredictions = ofForget,
            ToOracle = oracle is null || !groups.HasFlag(MetricGroups.Divergence) ? null : OracleDivergence.Of(model, oracle),
            ZeroRetrainForgetting = random is null ? null : ZeroRetrainForgetting.Score(forget, random),
            MeasuringSeconds = _clock.GetElapsedTime(start).TotalSeconds,
        };
    }

    /// <summary>
    /// What a network of the same make with weights drawn at random says of the forget images, without a forget vector; computed once and kept. Null for TorchScript,
    /// whose weights cannot be drawn anew, and where ZRF is not measured.
    /// </summary>
    public Predictions? OfRandomNetwork(Classifier like, CancellationToken cancellation = default)
    {
        if (!groups.HasFlag(MetricGroups.Zrf) || like is ScriptedClassifier || ModelZoo.Entries.All(entry => entry.Name != like.Architecture)) return null;
        var key = (like.Architecture, like.Options);
        if (_random.TryGetValue(key, out var known)) return known;
        using var network = ModelZoo.Create(like.Architecture, like.Options, draws.DeriveSeed(DrawPurpose.RandomNetwork));
        network.to(compute.Device);
        return _random[key] = new Predictor(network, null, compute).Of(train, split.Forget, cancellation);
    }
}
