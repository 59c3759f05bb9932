using System.Globalization;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.ForgetVector;

/// <summary>
/// One perturbation delta, added to every input, makes the frozen model forget (Sun et al. 2024, arXiv 2412.16780).
/// Only delta is optimised; no gradient of a weight is computed. delta lives before normalisation and is not clamped.
/// </summary>
public sealed class ForgetVectorMethod : IUnlearningMethod
{
    private readonly ForgetVectorOptions _options;

    /// <param name="options">Validated here.</param>
    public ForgetVectorMethod(ForgetVectorOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "forget-vector";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public void CheckFits(Classifier original)
    {
        // Any network that is differentiable by its images will do; no weight is touched.
    }

    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, Name);
        var model = ModelZoo.Clone(original);
        try
        {
            using var scope = NewDisposeScope();
            using var passes = new InputPasses(model, task.Compute.Kernels);
            var batches = new BatchSource(task.Train, [.. task.Split.Forget, .. task.Split.Retain], task.Compute);
            var forget = task.Split.Forget.ToArray().ToHashSet();
            var delta = StartOf(task);
            var momentum = zeros_like(delta);
            var step = StepOf(_options);
            var losses = new List<double>();
            var changes = new List<double>();
            var steps = 0;
            var settled = false;
            for (var epoch = 0; epoch < _options.Epochs && !settled; epoch++)
            {
                using var before = delta.clone();
                using var sum = zeros(1, device: task.Device);
                foreach (var batch in batches.Shuffled(task.Draws, epoch, _options.BatchSize))
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var inner = NewDisposeScope();
                    using (batch)
                    {
                        var isForget = tensor(batch.Rows.Select(forget.Contains).ToArray()).to(task.Device);
                        var (loss, gradient) = LossAndInputGradient(passes, batch.Images, batch.Labels, isForget, delta, _options, task.Compute.Kernels);
                        task.Compute.Kernels.StepForgetVector(gradient, delta, momentum, step);
                        sum.add_(loss, alpha: (double)batch.Labels.size(0) / batches.Count);
                        steps++;
                    }
                }
                using (task.Compute.Kernels.Profiler.Span(SpanKind.Copy, "to host")) losses.Add(sum.item<float>());
                if (!double.IsFinite(losses[^1]))
                    throw new DivergedException(FormattableString.Invariant($"{Name} diverged: the loss of epoch {epoch + 1} is {losses[^1]}. Lower the learning rate ({_options.LearningRate})."));
                step = step with { LearningRate = (float)(_options.LearningRate * Math.Pow(_options.Decay, epoch + 1)) };
                changes.Add(ChangeOf(delta, before));
                settled = changes[^1] < _options.MinimalChange && epoch + 1 < _options.Epochs;
                task.Progress.Report(new(epoch + 1, _options.Epochs, string.Create(CultureInfo.InvariantCulture, $"loss {losses[^1]:0.000}, moved {100 * changes[^1]:0.0} %")));
            }
            return new UnlearningOutcome
            {
                Model = model,
                ForgetVector = delta.DetachFromDisposeScope(),
                Steps = steps,
                StopReason = settled
                    ? string.Create(CultureInfo.InvariantCulture, $"epoch {losses.Count} of {_options.Epochs} moved the vector by {100 * changes[^1]:0.00} %")
                    : $"all {_options.Epochs} epochs done",
                Converged = true,
                Trace = new Dictionary<string, IReadOnlyList<double>> { ["loss"] = losses, ["relative_change"] = changes },
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>||delta - before|| / ||delta||; 0 for a vector that stays zero.</summary>
    private static double ChangeOf(Tensor delta, Tensor before)
    {
        using var scope = NewDisposeScope();
        var size = delta.square().sum().sqrt().ToDouble();
        return size > 0 ? (delta - before).square().sum().sqrt().ToDouble() / size : 0;
    }

    /// <summary>
    /// The whole loss of a batch and its gradient with respect to delta. The sum over the batch of the images' gradients is
    /// the data part; the penalty's gradient is added in closed form.
    /// </summary>
    public static (Tensor Loss, Tensor Gradient) LossAndGradient(Classifier model, Tensor images, Tensor labels, Tensor isForget, Tensor delta, ForgetVectorOptions options, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        using var passes = new InputPasses(model, kernels);
        var (loss, gradient) = LossAndInputGradient(passes, images, labels, isForget, delta, options, kernels);
        var whole = gradient.sum(dim: 0) + ForgetVectorLoss.PenaltyGradient(delta.detach(), options.Penalty, images.size(0)) * options.Lambda;
        return (loss.MoveToOuterDisposeScope(), whole.MoveToOuterDisposeScope());
    }

    /// <summary>The whole loss of a batch and the gradient of its data terms with respect to each perturbed image, [N, C, H, W].</summary>
    private static (Tensor Loss, Tensor Gradient) LossAndInputGradient(InputPasses passes, Tensor images, Tensor labels, Tensor isForget, Tensor delta, ForgetVectorOptions options, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var fixedDelta = delta.detach();
        var perturbed = kernels.ApplyForgetVector(images, fixedDelta);
        var (data, gradient) = ForgetVectorLoss.WithInputGradient(passes, perturbed, labels, isForget, new(options.Alpha, options.Beta, options.Tau), kernels);
        var loss = data + ForgetVectorLoss.Penalty(fixedDelta, options.Penalty, images.size(0)) * options.Lambda;
        return (loss.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    private static ForgetVectorStep StepOf(ForgetVectorOptions options) =>
        new(options.Penalty,
            (float)options.Lambda, (float)options.LearningRate, (float)options.Momentum, (float)options.WeightDecay);

    private Tensor StartOf(UnlearningTask task)
    {
        if (task.EarlierVector is { } earlier) return earlier.clone();
        var set = task.Train;
        var values = new float[set.Channels * set.Height * set.Width];
        if (_options.Start == ForgetVectorStart.Random) task.Draws.FillNormal(values, DrawPurpose.ForgetVectorInit, 0, 0);
        return tensor(values, [set.Channels, set.Height, set.Width]).to(task.Device);
    }
}
