using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Importance of every weight for a set of images, one tensor a parameter, in the model's parameter order.</summary>
public static class WeightImportance
{
    /// <summary>
    /// Importance of each parameter for the given images. The model is evaluated in eval mode and left as it was.
    /// The per-sample forms take one backward pass a batch where kernels know all the model's layers (<see cref="WatchedLayers"/>), otherwise one an image.
    /// </summary>
    /// <param name="model">The classifier.</param>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="labels">[N] int64; used by the Fisher forms only.</param>
    /// <param name="kind">Which measure.</param>
    /// <param name="kernels">What accumulates.</param>
    /// <param name="batchSize">Images a forward pass; for the batch forms also the batch whose mean is differentiated.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <returns>Non-negative tensors, owned by the caller.</returns>
    public static IReadOnlyList<Tensor> Measure(Classifier model, Tensor images, Tensor labels, ImportanceKind kind, TensorKernels kernels, int batchSize = 32,
        CancellationToken cancellation = default)
    {
        var total = images.size(0);
        if (total == 0) throw new ArgumentException("Weight importance needs at least one image.");
        var named = model.TrainableParameters();
        Tensor[] parameters = [.. named.Select(p => p.Value)];
        using var layers = kind is ImportanceKind.MasPerSample or ImportanceKind.FisherPerSample && kernels.RunOn(parameters[0]) ? WatchedLayers.Of(model, named) : null;
        var profiler = kernels.Profiler;
        using var span = profiler.Span(SpanKind.Phase, "importance");
        var wasTraining = model.training;
        model.eval();
        try
        {
            var omega = parameters.Select(p => zeros_like(p).DetachFromDisposeScope()).ToList();
            for (long start = 0; start < total; start += batchSize)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(batchSize, total - start);
                layers?.Forget();
                Tensor logits;
                using (profiler.Span(SpanKind.Pass, PassNames.Forward, count)) logits = model.call(images.narrow(0, start, count));
                var scores = IsMas(kind) ? logits.square().sum(1).sqrt() : Losses.CrossEntropy(logits, labels.narrow(0, start, count));
                if (kind is ImportanceKind.MasBatch or ImportanceKind.FisherBatch)
                {
                    // Every image weighs the same: a short last batch counts by its images.
                    cancellation.ThrowIfCancellationRequested();
                    Accumulate(scores.mean(), count, parameters, omega, (double)count / total, kind, kernels);
                    continue;
                }
                if (layers is { Complete: true })
                {
                    cancellation.ThrowIfCancellationRequested();
                    layers.Accumulate(scores, omega, (float)(1.0 / total), Measured(kind), kernels);
                    continue;
                }
                // The forward pass is shared and only the backward passes go image by image: a forward pass of one image
                // takes other convolution algorithms, whose rounding can flip a ReLU against the batch's.
                for (long row = 0; row < count; row++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Accumulate(scores[row], 1, parameters, omega, 1.0 / total, kind, kernels);
                }
            }
            return omega;
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    private static void Accumulate(Tensor score, long images, IReadOnlyList<Tensor> parameters, List<Tensor> omega, double share, ImportanceKind kind, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        IList<Tensor> gradients;
        using (kernels.Profiler.Span(SpanKind.Pass, PassNames.TrainingBackward, images)) gradients = autograd.grad([score], [.. parameters], retain_graph: true);
        kernels.AccumulateImportance([.. gradients.Select(g => g.contiguous())], omega, (float)share, Measured(kind));
    }

    private static ImportanceMeasure Measured(ImportanceKind kind) => IsMas(kind) ? ImportanceMeasure.Absolute : ImportanceMeasure.Squared;

    private static bool IsMas(ImportanceKind kind) => kind is ImportanceKind.MasPerSample or ImportanceKind.MasBatch;
}
