namespace Lacuna.Kernels;

/// <summary>Sizes of a forget-vector application.</summary>
/// <param name="Samples">N, images.</param>
/// <param name="Elements">D, numbers in an image and in a forget vector.</param>
/// <param name="Vectors">K, forget vectors, 1 to 64.</param>
/// <param name="WeightsPerSample">Whether the weights are [N, K], each image its own, or [K] for all images.</param>
public readonly record struct ForgetVectorShape(long Samples, long Elements, int Vectors = 1, bool WeightsPerSample = false)
{
    public const int MaxVectors = 64;

    /// <summary>Numbers from one image's weights to the next one's.</summary>
    public long WeightStride => WeightsPerSample ? Vectors : 0;

    /// <summary>Numbers in the weights.</summary>
    public long Weights => WeightsPerSample ? Samples * Vectors : Vectors;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Samples);
        ArgumentOutOfRangeException.ThrowIfNegative(Elements);
        ArgumentOutOfRangeException.ThrowIfLessThan(Vectors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Vectors, MaxVectors);
    }
}
