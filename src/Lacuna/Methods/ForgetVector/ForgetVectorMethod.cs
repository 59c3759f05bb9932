using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Numerics;
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
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        var model = ModelZoo.Clone(original);
        try
        {
            using var scope = NewDisposeScope();
            using var frozen = new FrozenWeights(model);
            var batches = new BatchSource(task.Train, [.. task.Split.Forget, .. task.Split.Retain], task.Compute);
            var forget = task.Split.Forget.ToArray().ToHashSet();
            var delta = new TorchSharp.Modules.Parameter(StartOf(task));
            var optimiser = optim.SGD([delta], _options.LearningRate, _options.Momentum, weight_decay: _options.WeightDecay);
            var losses = new List<double>();
            var steps = 0;
            for (var epoch = 0; epoch < _options.Epochs; epoch++)
            {
                using var sum = zeros(1, device: task.Device);
                foreach (var batch in batches.Shuffled(task.Draws, epoch, _options.BatchSize))
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var step = NewDisposeScope();
                    using (batch)
                    {
                        var isForget = tensor(batch.Rows.Select(forget.Contains).ToArray()).to(task.Device);
                        var (loss, gradient) = LossAndGradient(model, batch.Images, batch.Labels, isForget, delta, _options, task.Compute.Kernels);
                        delta.grad = gradient;
                        optimiser.step();
                        sum.add_(loss, alpha: (double)batch.Labels.size(0) / batches.Count);
                        steps++;
                    }
                }
                losses.Add(sum.item<float>());
                if (!double.IsFinite(losses[^1]))
                    throw new DivergedException(FormattableString.Invariant($"{Name} diverged: the loss of epoch {epoch + 1} is {losses[^1]}. Lower the learning rate ({_options.LearningRate})."));
                foreach (var group in optimiser.ParamGroups) group.LearningRate *= _options.Decay;
                task.Progress.Report(new(epoch + 1, _options.Epochs, $"loss {losses[^1]:0.000}"));
            }
            return new UnlearningOutcome
            {
                Model = model,
                ForgetVector = delta.detach().clone().DetachFromDisposeScope(),
                Steps = steps,
                StopReason = $"all {_options.Epochs} epochs done",
                Converged = true,
                Trace = new Dictionary<string, IReadOnlyList<double>> { ["loss"] = losses },
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The whole loss of a batch and its gradient with respect to delta. The sum over the batch of the images' gradients is
    /// the data part; the penalty's gradient is added in closed form.
    /// </summary>
    public static (Tensor Loss, Tensor Gradient) LossAndGradient(Classifier model, Tensor images, Tensor labels, Tensor isForget, Tensor delta, ForgetVectorOptions options, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var rows = images.size(0);
        var fixedDelta = delta.detach();
        var perturbed = kernels.ApplyForgetVector(images, fixedDelta).requires_grad_();
        var terms = ForgetVectorLoss.Of(model.call(perturbed), labels, isForget, options.Tau);
        var data = terms.Weighted(options.Alpha, options.Beta);
        var gradient = autograd.grad([data], [perturbed])[0].sum(dim: 0);
        var loss = data.detach() + ForgetVectorLoss.Penalty(fixedDelta, options.Penalty, rows) * options.Lambda;
        var whole = gradient + ForgetVectorLoss.PenaltyGradient(fixedDelta, options.Penalty, rows) * options.Lambda;
        return (loss.MoveToOuterDisposeScope(), whole.MoveToOuterDisposeScope());
    }

    private Tensor StartOf(UnlearningTask task)
    {
        var set = task.Train;
        var values = new float[set.Channels * set.Height * set.Width];
        if (_options.Start == ForgetVectorStart.Random) task.Draws.FillNormal(values, DrawPurpose.ForgetVectorInit, 0, 0);
        return tensor(values, [set.Channels, set.Height, set.Width]).to(task.Device);
    }
}
