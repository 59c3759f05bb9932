using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// Per-channel (x - mean) / std, applied inside the model: callers, attacks and forget vectors see images in [0,1].
/// </summary>
/// <param name="Mean">One value a channel, in units of [0,1].</param>
/// <param name="Std">One positive value a channel.</param>
public sealed record Normalisation(IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    /// <summary>ImageNet statistics: what the public CIFAR ResNet-20/32/44/56 checkpoints were trained with.</summary>
    public static Normalisation ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Fashion-MNIST, over the 60,000 training images.</summary>
    public static Normalisation FashionMnist { get; } = new([0.2860f], [0.3530f]);

    /// <summary>Leaves images as they are.</summary>
    public static Normalisation None(int channels) => new([.. Enumerable.Repeat(0f, channels)], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>Mean and standard deviation of a data set of another channel count when the user names none.</summary>
    public static Normalisation Default(int channels) => channels switch
    {
        1 => FashionMnist,
        3 => ImageNet,
        _ => new([.. Enumerable.Repeat(0.5f, channels)], [.. Enumerable.Repeat(0.5f, channels)]),
    };

    /// <summary>Checks that there is one mean and one positive deviation a channel.</summary>
    public void Validate(int channels)
    {
        if (Mean.Count != channels || Std.Count != channels)
            throw new ArgumentException($"The images have {channels} channel(s), but the normalisation has {Mean.Count} mean(s) and {Std.Count} deviation(s). Give one of each a channel.");
        if (Std.Any(s => !(s > 0)) || Mean.Any(m => !float.IsFinite(m)))
            throw new ArgumentException("Every mean of the normalisation must be finite and every deviation positive.");
    }

    /// <summary>Value equality by content, so that options read from a checkpoint compare equal.</summary>
    public bool Equals(Normalisation? other) => other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => Mean.Concat(Std).Aggregate(17, HashCode.Combine);
}
