using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// A classifier of known make: stages, whose last activations can be looked at, and a head. ReLUs are never in place, since
/// MU-Mis may differentiate twice.
/// </summary>
public abstract class StagedClassifier : Classifier
{
    /// <summary>Name under which <see cref="Observe"/> shows what enters the last linear layer, [N, D].</summary>
    public const string Penultimate = "penultimate";

    /// <summary>Name under which it shows the logits, [N, K].</summary>
    public const string LogitsName = "logits";

    private Action<string, Tensor>? _observer;

    /// <inheritdoc/>
    protected StagedClassifier(string architecture, ModelOptions options) : base(architecture, options)
    {
    }

    /// <summary>Activations of the last stage, [N, K', h, w] before pooling or tokens (see <see cref="SpatialMap"/>): what Grad-CAM looks at. Takes normalised images.</summary>
    protected abstract Tensor Stages(Tensor normalised);

    /// <summary>Logits [N, K] from the activations of the last stage.</summary>
    public abstract Tensor Head(Tensor features);

    /// <summary>Activations of the last stage, or their gradients, as maps over the image [N, K', h, w].</summary>
    public virtual Tensor SpatialMap(Tensor features) => features;

    /// <summary>The stages of a <see cref="FrozenNetwork"/> behind the normalisation; null where this network has layers that none is made for.</summary>
    private protected virtual IReadOnlyList<FrozenStage>? FrozenStages(bool channelsLast) => null;

    /// <summary>Names the first layer that no stage is made for.</summary>
    internal override string ObstacleToCompiling =>
        named_modules().FirstOrDefault(m => m.Item2 is not (Conv2d or BatchNorm2d or Linear or Sequential) && m.Item2.parameters(recurse: false).Any()) is { Item2: { } odd } found
            ? $"the layer '{found.Item1}' ({odd.GetName()}) has no compiled form"
            : "its stages have no compiled form";

    /// <summary>
    /// Whether the passes of a <see cref="FrozenNetwork"/> are faster on a CPU over channels-last activations, also where the network's own are not: batch norms and ReLUs are no passes of their own
    /// there, and 3x3 convolutions are ours. Forward, and forward with a gradient by the images, on two cores with AVX-512, 32x32 and 224x224 pixels: vgg16_bn 2.5 to 2.9 times, resnet18 in its
    /// ImageNet form 2.3 to 2.4, resnet50 1.35 to 1.5, mobilenet_v2 1.1 to 1.5.
    /// </summary>
    private protected virtual bool CompilesChannelsLast => true;

    /// <summary>The order of a <see cref="FrozenNetwork"/>'s activations. Not measured on GPUs yet, so [N, C, H, W] there.</summary>
    internal bool CompilesChannelsLastOn(Device device) => CompilesChannelsLast && device.type == TorchSharp.DeviceType.CPU;

    /// <summary>All stages of a <see cref="FrozenNetwork"/>, or null.</summary>
    internal IReadOnlyList<FrozenStage>? Freeze(bool channelsLast) => FrozenStages(channelsLast) is { } stages ? [new FrozenScaling(Scaling, channelsLast), .. stages] : null;

    /// <summary>Activations of the last stage for images in [0,1].</summary>
    public Tensor Features(Tensor images) => Stages(Normalised(images));

    /// <summary>Logits for images in [0,1], while the activations at the end of each stage are shown by name, from the image to the logits.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="observer">
    /// Given [N, C', h, w] of a stage of convolutions, tokens [N, T, D], or [N, D]. The tensors are its own only during the call; stages and their names are the
    /// same for all images of an architecture.
    /// </param>
    public Tensor Observe(Tensor images, Action<string, Tensor> observer)
    {
        _observer = observer;
        try
        {
            return call(images);
        }
        finally
        {
            _observer = null;
        }
    }

    /// <summary>Shows the activations at the end of a stage to whoever observes, and hands them on.</summary>
    protected Tensor Seen(string name, Tensor activations)
    {
        _observer?.Invoke(name, activations);
        return activations;
    }

    /// <summary>Layers one after another, as a Sequential calls them: what passes between them is let go at once.</summary>
    /// <param name="layers">Modules of a Sequential, in its order.</param>
    /// <param name="first">What enters the first; not let go.</param>
    /// <param name="ends">Name of the stage that a layer ends, by the layer's index.</param>
    protected Tensor Through(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, Tensor first, IReadOnlyDictionary<int, string> ends)
    {
        var current = first;
        for (var i = 0; i < layers.Count; i++)
        {
            var next = layers[i].call(current);
            if (!ReferenceEquals(current, first) && !ReferenceEquals(current, next)) current.Dispose();
            current = ends.TryGetValue(i, out var name) ? Seen(name, next) : next;
        }
        return current;
    }

    /// <inheritdoc/>
    protected sealed override Tensor Logits(Tensor normalised) => Seen(LogitsName, Head(Stages(normalised)));
}
