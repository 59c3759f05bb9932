using System.Globalization;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>Ordinary training of a classifier.</summary>
public static class Trainer
{
    /// <summary>Steps between two reports where reading the loss makes the host wait for the device. On a CPU it costs nothing and every step is reported.</summary>
    private const int ReportInterval = 50;

    /// <summary>Trains in place on the given rows and leaves the model in eval mode. Returns the mean loss of every epoch.</summary>
    /// <param name="model">Changed in place; its parameters may be other objects afterwards, of the same names.</param>
    /// <param name="set">Where the images are.</param>
    /// <param name="rows">Which of them to train on.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="draws">Order and augmentation.</param>
    /// <param name="compute">Where the model lives, and the kernels there.</param>
    /// <param name="progress">Told of steps: now and then, and after every epoch.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <param name="epochDone">Called with the count of epochs done after each, when the model may be saved but must not be changed.</param>
    /// <exception cref="DivergedException">The loss is no number any more.</exception>
    public static IReadOnlyList<double> Train(Classifier model, ImageSet set, ReadOnlySpan<int> rows, TrainingOptions options, DrawSource draws,
        Compute compute, IProgress<MethodProgress> progress, CancellationToken cancellation, Action<int>? epochDone = null) =>
        Train(model, set, rows, options, draws, compute, progress, cancellation, epochDone, model.TakesChannelsLastOn(compute.Device));

    /// <summary>As above, in a given order of memory. Both give the same results but for rounding.</summary>
    internal static IReadOnlyList<double> Train(Classifier model, ImageSet set, ReadOnlySpan<int> rows, TrainingOptions options, DrawSource draws,
        Compute compute, IProgress<MethodProgress> progress, CancellationToken cancellation, Action<int>? epochDone, bool channelsLast)
    {
        options.Validate();
        options.CheckFits(model);
        var profiler = compute.Kernels.Profiler;
        using var span = profiler.Span(SpanKind.Phase, "training");
        if (rows.IsEmpty) throw new ArgumentException("There is no image to train on.");
        var source = new BatchSource(set, rows, compute, options.Augmentation, channelsLast);
        var early = options.EarlyEpochs == 0 ? source : EarlySource(set, rows, options, compute, channelsLast);
        var total = options.Epochs * source.BatchesFor(options.BatchSize);
        var interval = compute.Device.type == DeviceType.CPU ? 1 : ReportInterval;
        using var arithmetic = new TrainingArithmetic(options.Precision, compute.Device, TensorStack.Current);
        using var weights = new TrainedWeights(model, channelsLast);
        var passes = new WeightPasses(model, weights, arithmetic, compute.Kernels, channelsLast);
        using var optimiser = new FusedSgd(compute.Kernels, weights.Plains, options.Momentum, weightDecay: options.WeightDecay, nesterov: options.Nesterov && options.Momentum > 0);
        var losses = new List<double>(options.Epochs);
        var step = 0;
        progress.Report(new(0, total, ""));
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            model.train();
            model.SeedDropout(draws.DeriveSeed(DrawPurpose.Dropout, epoch));
            using var sum = zeros(1, device: compute.Device);
            var seen = 0;
            foreach (var batch in (epoch < options.EarlyEpochs ? early : source).Shuffled(draws, epoch, options.BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using (batch)
                {
                    var (loss, gradients) = passes.Differentiate(batch.Images, logits => nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: options.LabelSmoothing));
                    optimiser.Step(gradients, options.LearningRateAt(step, total));
                    sum.add_(loss, alpha: batch.Rows.Count);
                    seen += batch.Rows.Count;
                }
                step++;
                if (step % interval == 0 && seen < source.Count) Report();
            }
            losses.Add(Report());
            epochDone?.Invoke(epoch + 1);

            double Report()
            {
                double mean;
                using (profiler.Span(SpanKind.Copy, "to host")) mean = (double)sum.item<float>() / seen;
                if (!double.IsFinite(mean))
                    throw new DivergedException($"Training diverged: the loss of epoch {epoch + 1} is {mean}. Lower the learning rate ({options.LearningRate.ToString(CultureInfo.InvariantCulture)}).");
                progress.Report(new(step, total, string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1} of {options.Epochs}, loss {mean:0.000}"), (long)epoch * source.Count + seen));
                return mean;
            }
        }
        model.eval();
        return losses;
    }

    /// <summary>Crops from anywhere in the image: as far from the middle as its border lies beyond that of the crop, and by the recipe's padding further.</summary>
    private static BatchSource EarlySource(ImageSet set, ReadOnlySpan<int> rows, TrainingOptions options, Compute compute, bool channelsLast)
    {
        var small = set.GivenAt(Math.Min(options.EarlySize, set.Height), Math.Min(options.EarlySize, set.Width));
        var moved = options.Augmentation.ResizedCrop > 0
            ? options.Augmentation
            : options.Augmentation with { CropPadding = options.Augmentation.CropPadding + (Math.Max(set.Height - small.Height, set.Width - small.Width) + 1) / 2 };
        return new(small, rows, compute, moved, channelsLast);
    }
}
