using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Models;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>
/// One update: the next adversarial batch (in order, not shuffled) with the next forget batch (cycled). In training mode, where batch norm mixes the rows of
/// a batch, both are forwarded apart, as the published code does; otherwise in one pass, which gives the same.
/// </summary>
internal sealed class Step : IDisposable
{
    private readonly Classifier _model;
    private readonly Batch _forget;
    private readonly Tensor _goalLabels;
    private readonly AdversarialSet? _adversarial;
    private readonly Pull? _pull;
    private readonly InstanceWiseOptions _options;
    private readonly TensorKernels _kernels;
    private readonly Tensor[] _parameters;
    private readonly FusedSgd _optimiser;
    private readonly int _forgetBatches;

    public Step(Classifier model, Batch forget, Tensor goalLabels, AdversarialSet? adversarial, Pull? pull, InstanceWiseOptions options, TensorKernels kernels)
    {
        (_model, _forget, _goalLabels, _adversarial, _pull, _options, _kernels) = (model, forget, goalLabels, adversarial, pull, options, kernels);
        _parameters = [.. model.TrainableParameters().Select(p => p.Value)];
        _optimiser = new FusedSgd(kernels, _parameters, options.Momentum, weightDecay: options.WeightDecay, pull: pull?.Force);
        _forgetBatches = Batches(forget.Rows.Count, options.ForgetBatchSize);
        PerPass = adversarial is null ? _forgetBatches : Batches((int)adversarial.Images.size(0), options.AdversarialBatchSize);
    }

    /// <summary>Steps in one pass over the adversarial images, or over the forget images when there are none.</summary>
    public int PerPass { get; }

    /// <summary>
    /// Takes step number <paramref name="index"/>. Gives the loss before it and how many forget images do not yet do what is asked after it, which come to the host together.
    /// </summary>
    public (double Loss, int Remaining) Take(int index)
    {
        using var scope = NewDisposeScope();
        var loss = Update(index);
        return Read(loss, Pending());
    }

    /// <summary>Forget images that do not yet do what is asked.</summary>
    public int Remaining()
    {
        using var scope = NewDisposeScope();
        var pending = Pending();
        return Read(zeros_like(pending), pending).Remaining;
    }

    private Tensor Update(int index)
    {
        var apart = _options.BatchNorm == BatchNormMode.Train;
        _model.train(apart);
        var (images, labels) = Slice(_forget.Images, _goalLabels, index % _forgetBatches, _options.ForgetBatchSize);
        Tensor[] outputs;
        Tensor? adversarialLogits = null, targets = null;
        if (_adversarial is null)
        {
            outputs = [Logits(images)];
        }
        else
        {
            (var adversarialImages, targets) = Slice(_adversarial.Images, _adversarial.Targets, index % PerPass, _options.AdversarialBatchSize);
            outputs = apart ? [Logits(images), Logits(adversarialImages)] : [Logits(cat([images, adversarialImages], 0))];
            adversarialLogits = apart ? outputs[1] : outputs[0].narrow(0, images.size(0), adversarialImages.size(0));
        }
        var forgetLogits = outputs[0].narrow(0, 0, images.size(0));
        var (loss, slope, adversarialSlope) = InstanceWiseLoss.Of(forgetLogits, labels, _options.Goal, adversarialLogits, targets, _kernels);
        Tensor[] slopes = adversarialSlope is null ? [slope] : outputs.Length == 2 ? [slope, adversarialSlope] : [cat([slope, adversarialSlope], 0)];
        Tensor[] gradients;
        using (_kernels.Profiler.Span(SpanKind.Pass, PassNames.TrainingBackward, images.size(0) + (adversarialLogits?.size(0) ?? 0))) gradients = WeightGradients.Of(outputs, slopes, _parameters);
        if (_pull is not null) return loss + _optimiser.StepAndValuePull(gradients, _options.LearningRate);
        _optimiser.Step(gradients, _options.LearningRate);
        return loss;
    }

    // A count of images, by the model in eval mode.
    private Tensor Pending()
    {
        using var _ = no_grad();
        _model.eval();
        var logits = Logits(_forget.Images);
        var predicted = logits.argmax(1);
        var pending = _options.Goal == InstanceGoal.Misclassify ? predicted.eq(_forget.Labels) : predicted.ne(_goalLabels);
        // A diverged model predicts some class out of NaN: that is not forgetting, and the next step's loss says so.
        var broken = logits.isfinite().all(1).logical_not();
        return pending.logical_or(broken).sum();
    }

    public void Dispose() => _optimiser.Dispose();

    private Tensor Logits(Tensor images)
    {
        using var span = _kernels.Profiler.Span(SpanKind.Pass, PassNames.Forward, images.size(0));
        return _model.call(images);
    }

    private (double Loss, int Remaining) Read(Tensor loss, Tensor pending)
    {
        using var both = cat([loss.to(ScalarType.Float64).reshape(1), pending.to(ScalarType.Float64).reshape(1)]);
        using var span = _kernels.Profiler.Span(SpanKind.Copy, "to host");
        using var read = both.cpu();
        var values = read.data<double>();
        return (values[0], (int)values[1]);
    }

    private static int Batches(int rows, int batchSize) => (rows + batchSize - 1) / batchSize;

    private static (Tensor, Tensor) Slice(Tensor images, Tensor labels, int batch, int batchSize)
    {
        var start = (long)batch * batchSize;
        var count = Math.Min(batchSize, images.size(0) - start);
        return (images.narrow(0, start, count), labels.narrow(0, start, count));
    }
}
