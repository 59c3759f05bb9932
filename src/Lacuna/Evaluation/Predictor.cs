using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Runs a model over images, with a forget vector added to each when there is one.</summary>
public sealed class Predictor
{
    private readonly Classifier _model;
    private readonly Tensor? _forgetVector;
    private readonly Compute _compute;
    private readonly int _batchSize;

    /// <param name="model">Evaluated in eval mode.</param>
    /// <param name="forgetVector">[C, H, W], added to every image, or null.</param>
    /// <param name="compute">Where the model lives, and the kernels there.</param>
    /// <param name="batchSize">Images a forward pass.</param>
    public Predictor(Classifier model, Tensor? forgetVector, Compute compute, int batchSize = 500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, _forgetVector, _compute, _batchSize) = (model, forgetVector, compute, batchSize);
    }

    /// <summary>One forward pass over the given rows.</summary>
    public Predictions Of(ImageSet set, ReadOnlySpan<int> rows, CancellationToken cancellation = default)
    {
        var labels = new List<int>(rows.Length);
        var predicted = new List<int>(rows.Length);
        var confidence = new List<double>(rows.Length);
        using var frozen = new FrozenWeights(_model);
        using var _ = no_grad();
        foreach (var batch in new BatchSource(set, rows, _compute).InOrder(_batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using (batch)
            {
                var images = _forgetVector is null ? batch.Images : _compute.Kernels.ApplyForgetVector(batch.Images, _forgetVector);
                var logits = _model.call(images);
                var own = _compute.Kernels.ScoreMembership(logits, batch.Labels).Confidence;
                labels.AddRange(batch.Rows.Select(row => set.Labels.Span[row]));
                predicted.AddRange(logits.argmax(1).cpu().data<long>().ToArray().Select(c => (int)c));
                confidence.AddRange(own.cpu().to(ScalarType.Float64).data<double>().ToArray());
            }
        }
        return new(labels, predicted, confidence);
    }
}
