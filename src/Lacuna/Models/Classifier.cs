using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// An image classifier: images [N, C, H, W] in [0,1] to logits [N, K]. Normalisation is inside, so every input gradient
/// and perturbation is with respect to the image itself. ReLUs are never in place: MU-Mis differentiates twice.
/// </summary>
public abstract class Classifier : nn.Module<Tensor, Tensor>
{
    private readonly ChannelScaling _scaling;

    /// <param name="architecture">The name by which the zoo knows this network.</param>
    /// <param name="options">What it is built for; validated here.</param>
    protected Classifier(string architecture, ModelOptions options) : base(architecture)
    {
        options.Validate();
        Architecture = architecture;
        Options = options;
        _scaling = new ChannelScaling(options.Normalisation);
    }

    /// <summary>The name by which the zoo builds it again.</summary>
    public string Architecture { get; }

    /// <summary>What it was built for.</summary>
    public ModelOptions Options { get; }

    /// <summary>
    /// Whether this network is faster on a CPU when the numbers of a pixel lie together, [N, H, W, C] in memory behind tensors that still read [N, C, H, W], and keeps them so
    /// from the image to <see cref="Head"/>. False unless measured: a network that takes views of its activations may refuse them.
    /// </summary>
    public virtual bool PrefersChannelsLast => false;

    /// <summary>The order of memory that batches should come in. Not measured on GPUs yet, so [N, C, H, W] there.</summary>
    internal bool TakesChannelsLastOn(Device device) => PrefersChannelsLast && device.type == DeviceType.CPU;

    /// <summary>Activations of the last stage [N, K', h, w], before pooling: what Grad-CAM looks at. Takes normalised images.</summary>
    protected abstract Tensor Stages(Tensor normalised);

    /// <summary>Logits [N, K] from the activations of the last stage.</summary>
    public abstract Tensor Head(Tensor features);

    /// <summary>Activations of the last stage for images in [0,1].</summary>
    public Tensor Features(Tensor images)
    {
        if (images.dim() != 4 || images.size(1) != Options.Channels)
            throw new ArgumentException($"{Architecture} takes images [N, {Options.Channels}, H, W], not [{string.Join(", ", images.shape)}].");
        return Stages(_scaling.Apply(images));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => Head(Features(images));

    /// <summary>Weights and biases that training changes, in registration order, by their public PyTorch names.</summary>
    public IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Value)> TrainableParameters() =>
        [.. named_parameters().Select(p => (p.name, p.parameter))];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _scaling.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Mean and deviation as tensors [1, C, 1, 1] of the images' own type and device. Kept outside the module's registry,
    /// because public checkpoints have no such buffers.
    /// </summary>
    private sealed class ChannelScaling(Normalisation normalisation) : IDisposable
    {
        private Tensor? _mean;
        private Tensor? _std;

        public Tensor Apply(Tensor images)
        {
            if (_mean is null || _std is null || _mean.dtype != images.dtype || !SameDevice(_mean.device, images.device))
            {
                Dispose();
                _mean = Column(normalisation.Mean, images);
                _std = Column(normalisation.Std, images);
            }
            using var centred = images - _mean;
            return centred / _std;
        }

        public void Dispose()
        {
            _mean?.Dispose();
            _std?.Dispose();
            _mean = _std = null;
        }

        // Through float64, so that a float64 model sees the float32 constants widened and not rounded twice.
        private static Tensor Column(IReadOnlyList<float> values, Tensor like)
        {
            using var cpu = tensor(values.Select(v => (double)v).ToArray(), [1, values.Count, 1, 1]);
            return cpu.to(like.dtype).to(like.device).DetachFromDisposeScope();
        }

        private static bool SameDevice(Device a, Device b) => a.type == b.type && a.index == b.index;
    }
}
