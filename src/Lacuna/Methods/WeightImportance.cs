using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Importance of every weight for a set of images, one tensor a parameter, in the model's parameter order.</summary>
public static class WeightImportance
{
    /// <summary>
    /// Importance of each parameter for the given images. The model is evaluated in eval mode and left as it was.
    /// </summary>
    /// <param name="model">The classifier.</param>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="labels">[N] int64; used by the Fisher forms only.</param>
    /// <param name="kind">Which measure.</param>
    /// <param name="batchSize">Images a batch for the batch forms; the per-sample forms go image by image.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <returns>Non-negative tensors, owned by the caller.</returns>
    public static IReadOnlyList<Tensor> Measure(Classifier model, Tensor images, Tensor labels, ImportanceKind kind, int batchSize = 32,
        CancellationToken cancellation = default)
    {
        var total = images.size(0);
        if (total == 0) throw new ArgumentException("Weight importance needs at least one image.");
        var perSample = kind is ImportanceKind.MasPerSample or ImportanceKind.FisherPerSample;
        var step = perSample ? 1 : batchSize;
        var parameters = model.TrainableParameters();
        var wasTraining = model.training;
        model.eval();
        try
        {
            var omega = parameters.Select(p => zeros_like(p.Value).DetachFromDisposeScope()).ToList();
            for (long start = 0; start < total; start += step)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var count = Math.Min(step, total - start);
                var logits = model.call(images.narrow(0, start, count));
                var score = IsMas(kind)
                    ? logits.square().sum(1).sqrt().mean()
                    : Losses.CrossEntropy(logits, labels.narrow(0, start, count)).mean();
                var gradients = autograd.grad([score], [.. parameters.Select(p => p.Value)]);
                // Every image weighs the same: a short last batch counts by its images, as in the definition.
                var share = (float)((double)count / total);
                for (var i = 0; i < omega.Count; i++)
                    TensorKernels.AccumulateImportance(gradients[i], omega[i], share, IsMas(kind) ? ImportanceMeasure.Absolute : ImportanceMeasure.Squared);
            }
            return omega;
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    /// <summary>
    /// How strongly each weight is held: 1 - minmax(omega), per tensor, in [0,1]. A tensor whose entries are all equal has
    /// no scale to speak of; its weights are held fully (1). L2UL section "weight importance".
    /// </summary>
    public static IReadOnlyList<Tensor> Hold(IReadOnlyList<Tensor> importance)
    {
        using var scope = NewDisposeScope();
        var held = new List<Tensor>(importance.Count);
        foreach (var omega in importance)
        {
            var low = omega.min();
            var range = omega.max() - low;
            var scaled = (omega - low) / range;
            held.Add(where(range > 0, 1 - scaled, ones_like(omega)).DetachFromDisposeScope());
        }
        return held;
    }

    private static bool IsMas(ImportanceKind kind) => kind is ImportanceKind.MasPerSample or ImportanceKind.MasBatch;
}
