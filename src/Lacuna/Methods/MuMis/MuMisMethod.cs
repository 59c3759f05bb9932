using System.Globalization;
using Lacuna.Data;
using Lacuna.Gpu.Optimisers;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.MuMis;

/// <summary>
/// Suppresses the contribution of the forget images through the gap between two input sensitivities (Cheng et al. 2024,
/// arXiv 2402.15109, algorithm 1). It sees the forget images and nothing else. Plain SGD, batch norm in eval mode.
/// </summary>
public sealed class MuMisMethod : IUnlearningMethod
{
    private readonly MuMisOptions _options;

    /// <param name="options">Validated here.</param>
    public MuMisMethod(MuMisOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "mu-mis";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public void CheckFits(Classifier original) => Check.HasTrainableWeights(original, Name);

    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        CheckFits(original);
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, Name);
        var model = ModelZoo.Clone(original);
        try
        {
            return Descend(model, task, cancellation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private UnlearningOutcome Descend(Classifier model, UnlearningTask task, CancellationToken cancellation)
    {
        model.eval();
        var forget = new BatchSource(task.Train, task.Split.Forget, task.Compute);
        var batchSize = _options.BatchSize == 0 ? forget.Count : Math.Min(_options.BatchSize, forget.Count);
        var rule = new StopRule(_options.Delta);
        using var optimiser = new FusedSgd(task.Compute.Kernels, [.. model.TrainableParameters().Select(p => p.Value)]);
        List<double> losses = [], targets = [], irrelevants = [];
        var sensitivity = new SlidingSensitivity(forget.Count);
        using var network = FrozenNetwork.For(model, task.Compute.Kernels);
        var stopped = false;
        var steps = 0;
        task.Observer?.After(steps, model);
        for (var pass = 0; !stopped && steps < _options.MaxSteps; pass++)
        {
            foreach (var batch in batchSize == forget.Count ? [forget.All()] : forget.Shuffled(task.Draws, pass, batchSize))
            {
                using (batch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var irrelevant = IrrelevantClasses(task, batch, model.Options.Classes, steps);
                    using var loss = network is null
                        ? MuMisLoss.Of(model, batch.Images, batch.Labels, irrelevant, task.Compute.Kernels.Profiler)
                        : MuMisLoss.Of(network, batch.Images, batch.Labels, irrelevant, task.Compute.Kernels);
                    if (!double.IsFinite(loss.Loss))
                        throw new DivergedException(FormattableString.Invariant($"{Name} diverged: the loss after {steps} steps is {loss.Loss}. Lower the learning rate ({_options.LearningRate})."));
                    losses.Add(loss.Loss);
                    targets.Add(loss.TargetSquared);
                    irrelevants.Add(loss.IrrelevantSquared);
                    // A run that stops does not take the step it was measured for.
                    stopped = sensitivity.Add(loss.IrrelevantSquared, batch.Rows.Count) is { } norm && rule.Observe(norm);
                    if (stopped) break;
                    optimiser.Step(loss.Gradients, _options.LearningRate);
                    network?.Fold();
                    steps++;
                }
                task.Observer?.After(steps, model);
                if (steps == _options.MaxSteps) break;
            }
            task.Progress.Report(new(steps, _options.MaxSteps, string.Create(CultureInfo.InvariantCulture, $"loss {losses[^1]:0.00}, s_t/s_0 {rule.Ratio:0.00}")));
        }
        task.Observer?.AtEnd(steps, model);
        return new UnlearningOutcome
        {
            Model = model,
            Steps = steps,
            Converged = stopped,
            StopReason = FormattableString.Invariant(stopped
                ? $"s_t/s_0 rose to {rule.Ratio:0.00}, past {_options.Delta:0.00}"
                : (FormattableString)$"cap of {_options.MaxSteps} steps; s_t/s_0 is {rule.Ratio:0.00}, not past {_options.Delta:0.00}"),
            Trace = new Dictionary<string, IReadOnlyList<double>>
            {
                ["loss"] = losses,
                ["target_sensitivity_squared"] = targets,
                ["irrelevant_sensitivity_squared"] = irrelevants,
            },
        };
    }

    /// <summary>A class other than the label, uniform, drawn anew for every image and step: (y + U{1..K-1}) mod K.</summary>
    private static Tensor IrrelevantClasses(UnlearningTask task, Batch batch, int classes, int step)
    {
        var chosen = batch.Rows.Select(row =>
            (long)((task.Train.Labels.Span[row] + 1 + task.Draws.Below(classes - 1, DrawPurpose.IrrelevantClass, step, row)) % classes));
        return tensor(chosen.ToArray()).to(task.Device);
    }
}
