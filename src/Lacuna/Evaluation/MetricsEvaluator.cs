using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Measures a model, with or without a forget vector, on one split. Forget, retain and test images are seen once each.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Test">The test set.</param>
/// <param name="Split">What is forgotten.</param>
/// <param name="Draws">Choose the members and non-members of the attack: the same ones for every model.</param>
/// <param name="Compute">Where the models live, and the kernels there.</param>
public sealed record MetricsEvaluator(ImageSet Train, ImageSet Test, ForgetSplit Split, DrawSource Draws, Compute Compute)
{
    /// <summary>The four figures of a model.</summary>
    public UnlearningMetrics Measure(Classifier model, Tensor? forgetVector = null, CancellationToken cancellation = default)
    {
        var predictor = new Predictor(model, forgetVector, Compute);
        var forget = predictor.Of(Train, Split.Forget, cancellation);
        var retain = predictor.Of(Train, Split.Retain, cancellation);
        var test = predictor.Of(Test, Split.DivideTest(Test).Retain, cancellation);
        return UnlearningMetrics.Of(forget, retain, test, Draws);
    }
}
