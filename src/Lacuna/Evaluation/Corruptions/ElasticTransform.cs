using System.Globalization;
using Lacuna.Methods;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>
/// A random affine warp, then a smooth random displacement of every pixel (Simard et al. 2003, in the form of ImageNet-C, Hendrycks and Dietterich 2019).
/// All three numbers are in pixels of an image of 244 pixels, as published, and are scaled to the shorter side.
/// </summary>
/// <param name="Intensity">Factor on the smoothed fields, which are uniform in [-1,1] before they are smoothed.</param>
/// <param name="Smoothing">Standard deviation of the Gaussian filter that smooths them.</param>
/// <param name="Offset">Largest displacement, along each axis, of the three points that define the affine warp.</param>
public sealed record ElasticTransform(double Intensity, double Smoothing, double Offset) : Corruption
{
    /// <summary>Side of the images for which the parameters are given.</summary>
    public const int ReferenceSide = 244;

    /// <summary>Shorter side that images have at least: three points at a third of it from the centre need a third.</summary>
    public const int LeastSide = 3;

    /// <summary>How the intensity follows the size; smoothing and offset are proportional to it.</summary>
    public ElasticScaling Scaling { get; init; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"elastic {Intensity}/{Smoothing}/{Offset}{(Scaling == ElasticScaling.SameShape ? ", same shape" : "")}");

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.NotNegative(Intensity, nameof(Intensity));
        Check.Positive(Smoothing, nameof(Smoothing));
        Check.NotNegative(Offset, nameof(Offset));
    }

    /// <summary>The same transformation with its numbers in pixels of an image of this size.</summary>
    public ElasticTransform At(int height, int width)
    {
        var scale = Math.Min(height, width) / (double)ReferenceSide;
        return this with { Intensity = Intensity * scale * (Scaling == ElasticScaling.SameShape ? scale : 1), Smoothing = Smoothing * scale, Offset = Offset * scale };
    }

    internal override Corruptor For(int channels, int height, int width)
    {
        if (Math.Min(height, width) < LeastSide) throw new ArgumentException($"Images of {height}x{width} pixels are too small for an elastic transformation; {LeastSide}x{LeastSide} are the least.");
        return new ElasticCorruptor(At(height, width), channels, height, width);
    }
}
