using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>Importance of every weight for a set of images, one tensor a parameter, in the model's parameter order.</summary>
public static class WeightImportance
{
    // What a pass keeps until its way back: about 64 images of 32x32 through resnet20, 24 through resnet18. On two cores half as many cost some percent more and twice as many gain nothing.
    private const long BytesAPass = 64 << 20;

    /// <summary>
    /// Importance of each parameter for the given images. The model is evaluated in eval mode and left as it was.
    /// The per-sample forms take one pass forward and one back a batch where <see cref="PassPlan"/> chooses the compiled network, otherwise one back an image.
    /// </summary>
    /// <param name="model">The classifier.</param>
    /// <param name="images">[N, C, H, W] in [0,1].</param>
    /// <param name="labels">[N] int64; used by the Fisher forms only.</param>
    /// <param name="kind">Which measure.</param>
    /// <param name="kernels">What accumulates.</param>
    /// <param name="batchSize">Images a forward pass, of a compiled network at most; for the batch forms also the batch whose mean is differentiated.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <returns>Non-negative tensors, owned by the caller.</returns>
    public static IReadOnlyList<Tensor> Measure(Classifier model, Tensor images, Tensor labels, ImportanceKind kind, TensorKernels kernels, int batchSize = 32,
        CancellationToken cancellation = default)
    {
        var total = images.size(0);
        if (total == 0) throw new ArgumentException("Weight importance needs at least one image.");
        var named = model.TrainableParameters();
        Tensor[] parameters = [.. named.Select(p => p.Value)];
        using var network = IsPerSample(kind) ? FrozenNetwork.For(model, kernels) : null;
        var profiler = kernels.Profiler;
        using var span = profiler.Span(SpanKind.Phase, "importance");
        var wasTraining = model.training;
        model.eval();
        try
        {
            if (network is not null) return BySample(network, images, labels, kind, kernels, batchSize, cancellation);
            var omega = parameters.Select(p => zeros_like(p).DetachFromDisposeScope()).ToList();
            for (long start = 0; start < total; start += batchSize)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(batchSize, total - start);
                Tensor logits;
                using (profiler.Span(SpanKind.Pass, PassNames.Forward, count)) logits = model.call(images.narrow(0, start, count));
                var scores = Scores(logits, labels.narrow(0, start, count), kind);
                if (!IsPerSample(kind))
                {
                    // Every image weighs the same: a short last batch counts by its images.
                    cancellation.ThrowIfCancellationRequested();
                    Accumulate(scores.mean(), count, parameters, omega, (double)count / total, kind, kernels);
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

    private static IReadOnlyList<Tensor> BySample(FrozenNetwork network, Tensor images, Tensor labels, ImportanceKind kind, TensorKernels kernels, int batchSize, CancellationToken cancellation)
    {
        using var sums = network.Importance(Measured(kind));
        var total = images.size(0);
        var most = Math.Clamp(BytesAPass / sums.BytesAnImage(images), 1, batchSize);
        for (long start = 0; start < total; start += most)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(most, total - start);
            var rows = labels.narrow(0, start, count);
            sums.Add(images.narrow(0, start, count), logits =>
            {
                var leaf = logits.detach().requires_grad_();
                return autograd.grad([Scores(leaf, rows, kind).sum()], [leaf])[0];
            }, (float)(1.0 / total));
        }
        return sums.Finish();
    }

    private static Tensor Scores(Tensor logits, Tensor labels, ImportanceKind kind) => IsMas(kind) ? logits.square().sum(1).sqrt() : Losses.CrossEntropy(logits, labels);

    private static bool IsPerSample(ImportanceKind kind) => kind is ImportanceKind.MasPerSample or ImportanceKind.FisherPerSample;

    private static ImportanceMeasure Measured(ImportanceKind kind) => IsMas(kind) ? ImportanceMeasure.Absolute : ImportanceMeasure.Squared;

    private static bool IsMas(ImportanceKind kind) => kind is ImportanceKind.MasPerSample or ImportanceKind.MasBatch;
}
