namespace Lacuna.Kernels;

/// <summary>What is done to an image after forget vectors were added: clamp, then normalise by channel. Element i of an image has channel i / Plane mod Channels.</summary>
/// <param name="Low">Values below become this; not NaN.</param>
/// <param name="High">Values above become this; not NaN.</param>
/// <param name="Channels">C, numbers in the means and in the standard deviations; 0 for no normalisation.</param>
/// <param name="Plane">Consecutive elements of one channel: H W of images [C,H,W], 1 of images [H,W,C].</param>
public readonly record struct ForgetVectorOutput(float Low = float.NegativeInfinity, float High = float.PositiveInfinity, int Channels = 0, long Plane = 1)
{
    /// <summary>No clamp and no normalisation.</summary>
    public static ForgetVectorOutput Plain { get; } = new(float.NegativeInfinity);

    internal void Validate()
    {
        if (float.IsNaN(Low) || float.IsNaN(High))
            throw new ArgumentException($"Values cannot be clamped to [{Low}, {High}].");
        ArgumentOutOfRangeException.ThrowIfNegative(Channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(Plane, 1);
    }
}
