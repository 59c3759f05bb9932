using System.Globalization;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Models;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>Ordinary training of a classifier.</summary>
public static class Trainer
{
    /// <summary>Trains in place on the given rows and leaves the model in eval mode. Returns the mean loss of every epoch.</summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="set">Where the images are.</param>
    /// <param name="rows">Which of them to train on.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="draws">Order and augmentation.</param>
    /// <param name="compute">Where the model lives, and the kernels there.</param>
    /// <param name="progress">Told after every epoch.</param>
    /// <param name="cancellation">Checked before every step.</param>
    public static IReadOnlyList<double> Train(Classifier model, ImageSet set, ReadOnlySpan<int> rows, TrainingOptions options, DrawSource draws,
        Compute compute, IProgress<MethodProgress> progress, CancellationToken cancellation)
    {
        options.Validate();
        if (rows.IsEmpty) throw new ArgumentException("There is no image to train on.");
        var source = new BatchSource(set, rows, compute, options.Augmentation);
        var total = options.Epochs * source.BatchesFor(options.BatchSize);
        Tensor[] parameters = [.. model.TrainableParameters().Select(p => p.Value)];
        using var optimiser = new FusedSgd(compute.Kernels, parameters, options.Momentum, weightDecay: options.WeightDecay, nesterov: options.Nesterov && options.Momentum > 0);
        var losses = new List<double>(options.Epochs);
        var step = 0;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            model.train();
            using var sum = zeros(1, device: compute.Device);
            foreach (var batch in source.Shuffled(draws, epoch, options.BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using (batch)
                {
                    var loss = nn.functional.cross_entropy(model.call(batch.Images), batch.Labels, label_smoothing: options.LabelSmoothing);
                    optimiser.Step(WeightGradients.Of(loss, parameters), options.LearningRateAt(step, total));
                    sum.add_(loss.detach(), alpha: (double)batch.Rows.Count / source.Count);
                }
                step++;
            }
            losses.Add(sum.item<float>());
            progress.Report(new(epoch + 1, options.Epochs, string.Create(CultureInfo.InvariantCulture, $"loss {losses[^1]:0.000}")));
            if (!double.IsFinite(losses[^1]))
                throw new DivergedException($"Training diverged: the loss of epoch {epoch + 1} is {losses[^1]}. Lower the learning rate ({options.LearningRate.ToString(CultureInfo.InvariantCulture)}).");
        }
        model.eval();
        return losses;
    }
}
