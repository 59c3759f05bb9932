using System.Numerics.Tensors;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>
/// A Gaussian filter along one axis, cut off at three standard deviations, the axis reflected at its ends (d c b a | a b c d | d c b a). What lies beyond
/// the ends is folded into one weight a pixel, [n, n], so that a filter wider than the image, or reflected many times, costs no more than the image.
/// </summary>
internal sealed class ReflectedGaussian
{
    private const double Truncate = 3;

    private readonly double[] _weights;

    /// <param name="length">Pixels of the axis, n.</param>
    /// <param name="sigma">Standard deviation in pixels.</param>
    public ReflectedGaussian(int length, double sigma)
    {
        Length = length;
        _weights = new double[length * length];
        var radius = (int)(Truncate * sigma + 0.5);
        var bell = new double[2 * radius + 1];
        for (var k = -radius; k <= radius; k++) bell[k + radius] = Math.Exp(-0.5 * k * k / (sigma * sigma));
        TensorPrimitives.Divide(bell, TensorPrimitives.Sum(bell), bell);
        for (var i = 0; i < length; i++)
        {
            for (var k = -radius; k <= radius; k++) _weights[i * length + BilinearTaps.Index(i + k, length, Border.Reflect)] += bell[k + radius];
        }
    }

    /// <summary>Pixels of the axis.</summary>
    public int Length { get; }

    /// <summary>Filters a field [H, W] in place along both axes; <paramref name="scratch"/> is as large.</summary>
    public static void Smooth(Span<double> field, ReflectedGaussian down, ReflectedGaussian across, Span<double> scratch)
    {
        var (height, width) = (down.Length, across.Length);
        scratch.Clear();
        for (var i = 0; i < height; i++)
        {
            var row = scratch.Slice(i * width, width);
            for (var j = 0; j < height; j++)
            {
                var weight = down._weights[i * height + j];
                if (weight != 0) TensorPrimitives.MultiplyAdd(field.Slice(j * width, width), weight, row, row);
            }
        }
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
                field[i * width + j] = TensorPrimitives.Dot(scratch.Slice(i * width, width), across._weights.AsSpan(j * width, width));
        }
    }
}
