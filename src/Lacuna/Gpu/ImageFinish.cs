using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>What is done to images after forget vectors were added: clamp, then normalise by channel, then convert.</summary>
public sealed record ImageFinish
{
    /// <summary>Nothing.</summary>
    public static ImageFinish None { get; } = new();

    /// <summary>Values below become this; not NaN.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Values above become this; not NaN.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>[C], subtracted from every channel; null for no normalisation.</summary>
    public Tensor? Mean { get; init; }

    /// <summary>[C], by which every channel is divided after that; given with the means or not at all.</summary>
    public Tensor? Deviation { get; init; }

    /// <summary>Whether images are [N, H, W, C] and not [N, C, H, W]; matters to the normalisation alone.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Whether the result is bfloat16 and not of the forget vectors' type.</summary>
    public bool ToBFloat16 { get; init; }

    internal bool HasBounds => Low > float.NegativeInfinity || High < float.PositiveInfinity;
}
