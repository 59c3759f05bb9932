using Lacuna.Data;
using Lacuna.Models;
using Lacuna.Numerics;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Methods.InstanceWise;

/// <summary>
/// Adversarial images of the forget set under the original model: stand-ins for the data near the decision boundary that
/// must keep their (wrong) labels. Made once as one flat stream of (image, target) pairs.
/// </summary>
/// <param name="Images">[k * M, C, H, W] in [0,1].</param>
/// <param name="Targets">[k * M] int64, never the image's own label.</param>
public sealed record AdversarialSet(Tensor Images, Tensor Targets) : IDisposable
{
    /// <summary>Attacks every forget image towards M classes drawn uniformly among the others: (y + U{1..K-1}) mod K.</summary>
    public static AdversarialSet Make(Classifier original, UnlearningTask task, InstanceWiseOptions options, CancellationToken cancellation)
    {
        var forget = task.Split.Forget.ToArray();
        var labels = task.Train.Labels;
        var classes = original.Options.Classes;
        var pairs = forget.Length * options.AdversarialImages;
        // Image by image within one round of targets, as the published code goes through them.
        var rows = Enumerable.Range(0, pairs).Select(i => forget[i % forget.Length]).ToArray();
        var source = new BatchSource(task.Train, rows, task.Compute);
        using var span = task.Compute.Kernels.Profiler.Span(SpanKind.Phase, "attacks");
        using var scope = NewDisposeScope();
        List<Tensor> images = [], targets = [];
        var done = 0;
        foreach (var batch in source.InOrder(options.AttackBatchSize))
        {
            var target = tensor(batch.Rows.Select((row, i) =>
                (long)((labels.Span[row] + 1 + task.Draws.Below(classes - 1, DrawPurpose.AttackTarget, 0, done + i)) % classes)).ToArray()).to(task.Device);
            var delta = options.Attack.RandomStart(batch.Images, task.Draws, done, task.Compute.Kernels);
            options.Attack.Run(original, batch.Images, target, delta, task.Compute.Kernels, cancellation);
            images.Add((batch.Images + delta).clamp(0, 1));
            targets.Add(target);
            done += batch.Rows.Count;
            task.Progress.Report(new(done, pairs, $"{done} of {pairs} adversarial images"));
        }
        return new(cat(images, 0).MoveToOuterDisposeScope(), cat(targets, 0).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
