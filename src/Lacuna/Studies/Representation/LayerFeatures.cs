using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Studies.Representation;

/// <summary>What each layer of a model makes of some images, float64 tables [n, D] on the CPU, from one forward pass.</summary>
public sealed class LayerFeatures : IDisposable
{
    private const int BatchSize = 250;

    private readonly List<(string Name, Tensor Features)> _layers;

    private LayerFeatures(List<(string, Tensor)> layers) => _layers = layers;

    /// <summary>Names of the layers from the image to the logits.</summary>
    public IReadOnlyList<string> Layers => [.. _layers.Select(layer => layer.Name)];

    /// <summary>The features of a layer, [n, D]; they belong to this object.</summary>
    public Tensor this[string layer] => _layers.Find(each => each.Name == layer).Features;

    /// <summary>Runs a subject over images; its forget vector is added to each.</summary>
    /// <param name="subject">Its model is a <see cref="StagedClassifier"/>.</param>
    /// <param name="set">Where the images are.</param>
    /// <param name="rows">Which, at least one.</param>
    /// <param name="compute">Where the model lives.</param>
    /// <param name="places">Maps are averaged to at most this many places along each side; the patches of a transformer count as a map, its class token is left out.</param>
    /// <param name="only">The one layer that is wanted; null for all.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    public static LayerFeatures Of(Subject subject, ImageSet set, ReadOnlySpan<int> rows, Compute compute, int places, string? only, CancellationToken cancellation)
    {
        var model = (StagedClassifier)subject.Model;
        List<string> names = [];
        Dictionary<string, List<Tensor>> parts = [];
        using var frozen = new FrozenWeights(model);
        using var _ = no_grad();
        using var whole = NewDisposeScope();
        foreach (var batch in new BatchSource(set, rows, compute).InOrder(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using (batch)
            {
                var images = subject.ForgetVector is { } vector ? compute.Kernels.ApplyForgetVector(batch.Images, vector) : batch.Images;
                model.Observe(images, (name, activations) =>
                {
                    if (only is not null && name != only) return;
                    if (!parts.TryGetValue(name, out var list))
                    {
                        names.Add(name);
                        parts[name] = list = [];
                    }
                    list.Add(Table(model, activations, places).MoveToOuterDisposeScope());
                });
            }
        }
        return new([.. names.Select(name => (name, cat(parts[name]).DetachFromDisposeScope()))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, features) in _layers) features.Dispose();
    }

    private static Tensor Table(StagedClassifier model, Tensor activations, int places)
    {
        using var scope = NewDisposeScope();
        var map = activations.dim() == 3 ? model.SpatialMap(activations) : activations;
        if (map.dim() == 4 && Math.Max(map.size(2), map.size(3)) > places)
            map = functional.adaptive_avg_pool2d(map, (Math.Min(places, map.size(2)), Math.Min(places, map.size(3))));
        // A copy even of what is float64 already: the activations are let go.
        return map.flatten(1).cpu().to(float64, copy: true).MoveToOuterDisposeScope();
    }
}
