using System.Text.Json;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Kernels;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.Composition;

/// <summary>
/// Forget-vector arithmetic (Sun et al. 2024, arXiv 2412.16780): delta = sum over k of w_k delta_k of finished vectors, of which only the coefficients w are
/// optimised. Their gradient is one input gradient and K dot products; nothing is differentiated through the sum.
/// </summary>
public sealed class CompositionMethod : IUnlearningMethod
{
    /// <summary>Its <see cref="IUnlearningMethod.Name"/>.</summary>
    public const string MethodName = "compose";

    private readonly CompositionOptions _options;
    private readonly IReadOnlyList<StoredForgetVector> _vectors;

    /// <param name="options">Validated here.</param>
    /// <param name="vectors">One to 64, in the order of the coefficients.</param>
    /// <exception cref="ArgumentException">There is none, or too many.</exception>
    public CompositionMethod(CompositionOptions options, IReadOnlyList<StoredForgetVector> vectors)
    {
        options.Validate();
        if (vectors.Count is < 1 or > ForgetVectorShape.MaxVectors)
            throw new ArgumentException($"{vectors.Count} forget vectors were given to compose; there must be 1 to {ForgetVectorShape.MaxVectors}.");
        (_options, _vectors) = (options, [.. vectors]);
        Coefficients = [.. _vectors.Select((vector, k) => _vectors.Take(k).Count(other => other.Name == vector.Name) is > 0 and var before ? $"{vector.Name} ({before + 1})" : vector.Name)];
    }

    /// <summary>Names of the coefficients, those of their vectors; a second vector of a name is called "NAME (2)".</summary>
    public IReadOnlyList<string> Coefficients { get; }

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public object Options => new Settings(_options, Coefficients);

    /// <inheritdoc/>
    public void CheckFits(Classifier original)
    {
        foreach (var vector in _vectors) vector.CheckFits(original);
    }

    /// <summary>
    /// Series of the trace: "loss", and each coefficient after every epoch as "w NAME". The outcome's metadata has the coefficients too.
    /// </summary>
    /// <inheritdoc/>
    public UnlearningOutcome Run(Classifier original, UnlearningTask task, CancellationToken cancellation)
    {
        CheckFits(original);
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, Name);
        var model = ModelZoo.Clone(original);
        try
        {
            return Compose(model, task, cancellation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The whole loss of a batch, scalar, and its gradient with respect to the coefficients, [K].</summary>
    /// <param name="passes">Through the frozen network.</param>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="labels">[B] int64.</param>
    /// <param name="isForget">[B] bool.</param>
    /// <param name="deltas">[K, C, H, W].</param>
    /// <param name="weights">[K], the coefficients.</param>
    /// <param name="options">Weights of the terms.</param>
    /// <param name="kernels">Do the work.</param>
    public static (Tensor Loss, Tensor Gradient) LossAndGradient(
        InputPasses passes, Tensor images, Tensor labels, Tensor isForget, Tensor deltas, Tensor weights, CompositionOptions options, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var perturbed = kernels.ApplyForgetVectors(images, deltas, weights);
        var (data, inputGradient) = ForgetVectorLoss.WithInputGradient(passes, perturbed, labels, isForget, new(options.Alpha, options.Beta, options.Tau), kernels);
        // ||w||_2 is the reference penalty of a vector over a "batch" of one: not divided by B here.
        var loss = data + ForgetVectorLoss.Penalty(weights, ForgetVectorPenalty.Reference, 1) * options.Lambda;
        var gradient = kernels.TotalForgetVectorProjections(inputGradient, deltas) + ForgetVectorLoss.PenaltyGradient(weights, ForgetVectorPenalty.Reference, 1) * options.Lambda;
        return (loss.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    private UnlearningOutcome Compose(Classifier model, UnlearningTask task, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var kernels = task.Compute.Kernels;
        using var passes = new InputPasses(model, kernels);
        var batches = new BatchSource(task.Train, [.. task.Split.Forget, .. task.Split.Retain], task.Compute);
        var forget = task.Split.Forget.ToArray().ToHashSet();
        var deltas = stack(_vectors.Select(vector => vector.On(task.Device)).ToArray());
        var weights = StartOf(task);
        using var optimiser = new FusedSgd(kernels, [weights], _options.Momentum, weightDecay: _options.WeightDecay);
        var losses = new List<double>();
        var course = new List<float[]>();
        var before = weights.cpu().data<float>().ToArray();
        var steps = 0;
        var (change, settled) = (0.0, false);
        for (var epoch = 0; epoch < _options.Epochs && !settled; epoch++)
        {
            using var sum = zeros(1, device: task.Device);
            var rate = _options.LearningRate * Math.Pow(_options.Decay, epoch);
            foreach (var batch in batches.Shuffled(task.Draws, epoch, _options.BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                using (batch)
                {
                    var isForget = tensor(batch.Rows.Select(forget.Contains).ToArray()).to(task.Device);
                    var images = task.EarlierVector is null ? batch.Images : kernels.ApplyForgetVector(batch.Images, task.EarlierVector);
                    var (loss, gradient) = LossAndGradient(passes, images, batch.Labels, isForget, deltas, weights, _options, kernels);
                    optimiser.Step([gradient], rate);
                    sum.add_(loss, alpha: (double)batch.Rows.Count / batches.Count);
                    steps++;
                }
            }
            using (kernels.Profiler.Span(SpanKind.Copy, "to host"))
            {
                losses.Add(sum.item<float>());
                course.Add(weights.cpu().data<float>().ToArray());
            }
            if (!double.IsFinite(losses[^1]))
                throw new DivergedException(FormattableString.Invariant($"{Name} diverged: the loss of epoch {epoch + 1} is {losses[^1]}. Lower the learning rate ({_options.LearningRate})."));
            change = ChangeOf(course[^1], before);
            before = course[^1];
            settled = change < _options.MinimalChange && epoch + 1 < _options.Epochs;
            task.Progress.Report(new(epoch + 1, _options.Epochs, FormattableString.Invariant($"loss {losses[^1]:0.000}, moved {100 * change:0.0} %")));
        }
        var composed = weights.matmul(deltas.flatten(1)).view(deltas.shape[1..]);
        if (task.EarlierVector is not null) composed = composed + task.EarlierVector;
        return new UnlearningOutcome
        {
            Model = model,
            ForgetVector = composed.DetachFromDisposeScope(),
            Steps = steps,
            StopReason = settled
                ? FormattableString.Invariant($"epoch {losses.Count} of {_options.Epochs} moved the coefficients by {100 * change:0.00} %")
                : $"all {_options.Epochs} epochs done",
            Converged = true,
            Trace = new Dictionary<string, IReadOnlyList<double>>(
                [new("loss", losses), .. Coefficients.Select((name, k) => KeyValuePair.Create("w " + name, (IReadOnlyList<double>)[.. course.Select(w => (double)w[k])]))]),
            Metadata = new Dictionary<string, string>
            {
                ["coefficients"] = JsonSerializer.Serialize(Coefficients.Select((name, k) => KeyValuePair.Create(name, course[^1][k])).ToDictionary()),
            },
        };
    }

    /// <summary>||w - before|| / ||w||; 0 for coefficients that stay zero.</summary>
    private static double ChangeOf(float[] w, float[] before)
    {
        var size = w.Sum(x => (double)x * x);
        return size > 0 ? Math.Sqrt(w.Zip(before, (x, old) => ((double)x - old) * ((double)x - old)).Sum() / size) : 0;
    }

    private Tensor StartOf(UnlearningTask task)
    {
        var values = new float[_vectors.Count];
        if (_options.Start == CompositionStart.One) values.AsSpan().Fill(1);
        if (_options.Start == CompositionStart.Normal) task.Draws.FillNormal(values, DrawPurpose.CompositionStart, 0, 0);
        return tensor(values).to(task.Device);
    }

    private sealed record Settings(CompositionOptions Optimisation, IReadOnlyList<string> Vectors);
}
