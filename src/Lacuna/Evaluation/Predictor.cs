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
        var builder = new PredictionsBuilder(_compute.Kernels, rows.Length, _model.Options.Classes);
        using var passes = new InputPasses(_model, _compute.Kernels);
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
                builder.Add(passes.Logits(WithVector(batch.Images, vector, channelsLast)), batch.Labels, batch.Rows.Select(row => set.Labels.Span[row]));
            }
        }
        return builder.Build();
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
