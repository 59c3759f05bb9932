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
        List<double> confidence = new(rows.Length), entropy = new(rows.Length), modified = new(rows.Length);
        var all = new float[(long)rows.Length * _model.Options.Classes];
        var done = 0;
        using var frozen = new FrozenWeights(_model);
        using var _ = no_grad();
        var channelsLast = _model.TakesChannelsLastOn(_compute.Device);
        using var turned = channelsLast ? _forgetVector?.permute(1, 2, 0) : null;
        using var vector = channelsLast ? turned?.contiguous() : _forgetVector?.alias();
        foreach (var batch in new BatchSource(set, rows, _compute, channelsLast: channelsLast).InOrder(_batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using (batch)
            {
                var logits = _model.call(WithVector(batch.Images, vector, channelsLast));
                var scores = _compute.Kernels.ScoreMembership(logits, batch.Labels);
                labels.AddRange(batch.Rows.Select(row => set.Labels.Span[row]));
                predicted.AddRange(logits.argmax(1).cpu().data<long>().ToArray().Select(c => (int)c));
                confidence.AddRange(Doubles(scores.Confidence));
                entropy.AddRange(Doubles(scores.Entropy));
                modified.AddRange(Doubles(scores.ModifiedEntropy));
                done += Copy(logits, all.AsSpan(done));
            }
        }
        return new() { Labels = labels, Predicted = predicted, LabelConfidence = confidence, Entropy = entropy, ModifiedEntropy = modified, Logits = all };
    }

    private static double[] Doubles(Tensor values) => values.cpu().to(ScalarType.Float64).data<double>().ToArray();

    private static int Copy(Tensor logits, Span<float> target)
    {
        var values = logits.cpu().contiguous().data<float>().ToArray();
        values.CopyTo(target);
        return values.Length;
    }

    /// <summary>A channels-last batch is added to in its own order, [N, H, W, C], as which it is contiguous.</summary>
    private Tensor WithVector(Tensor images, Tensor? vector, bool channelsLast)
    {
        if (vector is null) return images;
        return channelsLast
            ? _compute.Kernels.ApplyForgetVector(images.permute(0, 2, 3, 1), vector).permute(0, 3, 1, 2)
            : _compute.Kernels.ApplyForgetVector(images, vector);
    }
}
