using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// An image classifier: images [N, C, H, W] in [0,1] to logits [N, K]. Normalisation is inside, so every input gradient
/// and perturbation is with respect to the image itself.
/// </summary>
public abstract class Classifier : nn.Module<Tensor, Tensor>
{
    private protected ChannelScaling Scaling { get; }

    /// <param name="architecture">The name by which the zoo knows this network.</param>
    /// <param name="options">What it is built for; validated here.</param>
    protected Classifier(string architecture, ModelOptions options) : base(architecture)
    {
        options.Validate();
        Architecture = architecture;
        Options = options;
        Scaling = new ChannelScaling(options.Normalisation);
    }

    /// <summary>The name by which the zoo builds it again.</summary>
    public string Architecture { get; }

    /// <summary>What it was built for.</summary>
    public ModelOptions Options { get; }

    /// <summary>
    /// Whether this network is faster on a CPU when the numbers of a pixel lie together, [N, H, W, C] in memory behind tensors that still read [N, C, H, W], and keeps them so
    /// from the image to the logits. False unless measured: a network that takes views of its activations may refuse them.
    /// </summary>
    public virtual bool PrefersChannelsLast => false;

    /// <summary>The order of memory that batches should come in. Not measured on GPUs yet, so [N, C, H, W] there.</summary>
    internal bool TakesChannelsLastOn(Device device) => PrefersChannelsLast && device.type == DeviceType.CPU;

    /// <summary>Why a <see cref="Frozen.FrozenNetwork"/> cannot be made of it, where none can.</summary>
    internal virtual string ObstacleToCompiling => "what its layers do is not known";

    /// <summary>Whether images of other sizes than <see cref="Options"/> name give logits too: the network averages over places before its linear layers.</summary>
    public virtual bool TakesOtherSizes => false;

    /// <summary>Logits [N, K] of normalised images.</summary>
    protected abstract Tensor Logits(Tensor normalised);

    /// <inheritdoc/>
    public override Tensor forward(Tensor images) => Logits(Normalised(images));

    /// <summary>Images in [0,1] as the first layer takes them.</summary>
    /// <exception cref="ArgumentException">They are not [N, C, H, W] of this network's channels.</exception>
    private protected Tensor Normalised(Tensor images)
    {
        if (images.dim() != 4 || images.size(1) != Options.Channels)
            throw new ArgumentException($"{Architecture} takes images [N, {Options.Channels}, H, W], not [{string.Join(", ", images.shape)}].");
        return Scaling.Apply(images);
    }

    /// <summary>Weights and biases that training changes, in registration order, by their public PyTorch names.</summary>
    public virtual IReadOnlyList<(string Name, TorchSharp.Modules.Parameter Value)> TrainableParameters() =>
        [.. named_parameters().Select(p => (p.name, p.parameter))];

    /// <summary>Starts the draws of every dropout layer anew: what it drops follows from the seed.</summary>
    internal virtual void SeedDropout(ulong seed)
    {
        var layer = 0;
        // Each layer its own stream; the odd constant keeps their seeds apart in the bits that count.
        foreach (var (_, module) in named_modules()) (module as SeededDropout)?.Seed(unchecked(seed + (ulong)layer++ * 0x9E3779B97F4A7C15));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Scaling.Dispose();
        base.Dispose(disposing);
    }
}
