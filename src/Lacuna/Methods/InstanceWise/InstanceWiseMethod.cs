using System.Globalization;
using Lacuna.Data;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>
/// Chosen images lose their label while adversarial examples and weight importance keep the rest (Cha et al. 2024,
/// AAAI 38(10), arXiv 2301.11578). Ends at the first step after which no forget image keeps its label.
/// Without adversarial images and without the pull it is plain negative gradient.
/// </summary>
public sealed class InstanceWiseMethod : IUnlearningMethod
{
    private readonly InstanceWiseOptions _options;

    /// <param name="options">Validated when the model is known.</param>
    public InstanceWiseMethod(InstanceWiseOptions options) => _options = options;

    /// <inheritdoc/>
    public string Name => _options is { AdversarialImages: 0, Lambda: 0 } ? "negative-gradient" : "instance-wise";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public void CheckFits(Classifier original)
    {
        _options.Validate(original.Options.Classes);
        Check.HasTrainableWeights(original, Name);
    }

    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        CheckFits(original);
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, Name);
        var model = ModelZoo.Clone(original);
        try
        {
            using var scope = NewDisposeScope();
            using var forget = new BatchSource(task.Train, task.Split.Forget, task.Compute).All();
            var goalLabels = _options.Goal == InstanceGoal.Relabel ? NewLabels(model, task, forget) : forget.Labels;
            using var adversarial = _options.AdversarialImages == 0 ? null : AdversarialSet.Make(model, task, _options, cancellation);
            using var pull = _options.Lambda == 0 ? null : Pull.Towards(model, forget, _options, task.Compute.Kernels, cancellation);
            using var step = new Step(model, forget, goalLabels, adversarial, pull, _options, task.Compute.Kernels);
            return Descend(model, task, step, cancellation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private UnlearningOutcome Descend(Classifier model, UnlearningTask task, Step step, CancellationToken cancellation)
    {
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, "descent");
        var losses = new List<double>();
        var left = step.Remaining();
        var most = _options.MaxPasses * step.PerPass;
        while (left > 0 && losses.Count < most)
        {
            cancellation.ThrowIfCancellationRequested();
            (var loss, left) = step.Take(losses.Count);
            losses.Add(loss);
            if (!double.IsFinite(losses[^1]))
                throw new DivergedException(FormattableString.Invariant($"{Name} diverged: the loss of step {losses.Count} is {losses[^1]} and {left} forget image(s) still keep their label. Lower the learning rate ({_options.LearningRate})."));
            task.Progress.Report(new(losses.Count, most, string.Create(CultureInfo.InvariantCulture, $"loss {losses[^1]:0.000}, {left} left")));
        }
        model.eval();
        return new UnlearningOutcome
        {
            Model = model,
            Steps = losses.Count,
            Converged = left == 0,
            StopReason = left == 0
                ? _options.Goal == InstanceGoal.Relabel ? "every forget image has its new label" : "no forget image keeps its label"
                : $"cap of {_options.MaxPasses} passes; {left} forget image(s) not yet changed",
            Trace = new Dictionary<string, IReadOnlyList<double>> { ["loss"] = losses },
        };
    }

    private Tensor NewLabels(Classifier model, UnlearningTask task, Batch forget)
    {
        if (_options is { NewLabel: null, Rule: RelabelRule.Nearest }) return NearestOther(model, forget);
        var classes = model.Options.Classes;
        var labels = forget.Rows.Select(row => _options.NewLabel is { } label
            ? label
            : (long)((task.Train.Labels.Span[row] + 1 + task.Draws.Below(classes - 1, DrawPurpose.IrrelevantClass, 0, row)) % classes)).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == task.Train.Labels.Span[forget.Rows[i]])
                throw new ArgumentException($"Image {forget.Rows[i]} already has the label {labels[i]}; relabelling needs another one.");
        }
        return tensor(labels).to(task.Device);
    }

    private static Tensor NearestOther(Classifier model, Batch forget)
    {
        using var frozen = new FrozenWeights(model);
        using var _ = no_grad();
        var logits = model.call(forget.Images);
        var isOwn = arange(logits.size(1), device: logits.device).unsqueeze(0).eq(forget.Labels.unsqueeze(1));
        return logits.masked_fill(isOwn, double.NegativeInfinity).argmax(1);
    }
}
