using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Sensitivity;

/// <summary>Measures the input sensitivities of images under a model, with a forget vector added to each when there is one.</summary>
public sealed class SensitivityMeter
{
    private readonly Classifier _model;
    private readonly Tensor? _forgetVector;
    private readonly Compute _compute;
    private readonly DrawSource _draws;
    private readonly int _irrelevant;
    private readonly int _batchSize;

    /// <param name="model">Measured in eval mode; weights, mode and flags are as before afterwards.</param>
    /// <param name="forgetVector">[C, H, W], added to every image, or null.</param>
    /// <param name="compute">Where the model lives, and the kernels there.</param>
    /// <param name="draws">Choose the irrelevant logits where there are more than asked for: by row, so that every model is asked for the same ones.</param>
    /// <param name="irrelevantLogits">Irrelevant logits an image at most; with as many as there are other classes, all of them, and nothing is drawn.</param>
    /// <param name="batchSize">Images a forward pass.</param>
    public SensitivityMeter(Classifier model, Tensor? forgetVector, Compute compute, DrawSource draws, int irrelevantLogits, int batchSize = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(irrelevantLogits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (model.Options.Classes < 2) throw new ArgumentException($"The network has {model.Options.Classes} class, and so no irrelevant logit to compare with.", nameof(model));
        (_model, _forgetVector, _compute, _draws, _batchSize) = (model, forgetVector, compute, draws, batchSize);
        _irrelevant = Math.Min(irrelevantLogits, model.Options.Classes - 1);
    }

    /// <summary>Sensitivities of the given rows, in their order.</summary>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public SensitivityValues Of(ImageSet set, ReadOnlySpan<int> rows, CancellationToken cancellation = default)
    {
        var (labels, predicted) = (new List<int>(rows.Length), new List<int>(rows.Length));
        List<double> target = new(rows.Length), irrelevant = new(rows.Length), squared = new(rows.Length);
        using var frozen = new FrozenWeights(_model);
        using var network = FrozenNetwork.For(_model, _compute.Kernels);
        foreach (var batch in new BatchSource(set, rows, _compute).InOrder(_batchSize))
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var images = _forgetVector is null ? batch.Images : _compute.Kernels.ApplyForgetVector(batch.Images, _forgetVector);
                var classes = ClassesOf(set, batch.Rows);
                var (norms, logits) = network is null ? LogitSensitivity.Of(_model, images, classes, _compute.Kernels) : LogitSensitivity.Of(network, images, classes, _compute.Kernels);
                labels.AddRange(batch.Rows.Select(row => set.Labels.Span[row]));
                predicted.AddRange(logits.argmax(1).cpu().data<long>().ToArray().Select(c => (int)c));
                var values = norms.cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
                foreach (var image in values.Chunk(1 + _irrelevant))
                {
                    target.Add(Math.Sqrt(image[0]));
                    irrelevant.Add(image.Skip(1).Average(Math.Sqrt));
                    squared.Add(image.Skip(1).Average());
                }
            }
        }
        return new() { Rows = rows.ToArray(), Labels = labels, Predicted = predicted, Target = target, Irrelevant = irrelevant, IrrelevantSquared = squared, IrrelevantLogits = _irrelevant };
    }

    /// <summary>[N, 1 + M]: the label, then the irrelevant classes.</summary>
    private Tensor ClassesOf(ImageSet set, IReadOnlyList<int> rows)
    {
        var others = _model.Options.Classes - 1;
        var classes = new List<long>(rows.Count * (1 + _irrelevant));
        foreach (var row in rows)
        {
            var label = set.Labels.Span[row];
            classes.Add(label);
            var chosen = _irrelevant == others ? Enumerable.Range(0, others) : _draws.Choose(_irrelevant, others, DrawPurpose.SensitivityLogits, row);
            // The other classes in their order, with the label's place left out.
            classes.AddRange(chosen.Select(c => (long)(c < label ? c : c + 1)));
        }
        return tensor(classes.ToArray()).view(rows.Count, 1 + _irrelevant).to(_compute.Device);
    }
}
