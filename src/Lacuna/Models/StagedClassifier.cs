using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// A classifier of known make: stages, whose last activations can be looked at, and a head. ReLUs are never in place, since
/// MU-Mis differentiates twice.
/// </summary>
public abstract class StagedClassifier : Classifier
{
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

    /// <summary>Activations of the last stage for images in [0,1].</summary>
    public Tensor Features(Tensor images) => Stages(Normalised(images));

    /// <inheritdoc/>
    protected sealed override Tensor Logits(Tensor normalised) => Head(Stages(normalised));
}
