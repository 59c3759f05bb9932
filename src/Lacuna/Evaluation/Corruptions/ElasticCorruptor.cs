using Lacuna.Numerics;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>The elastic transformation of images of one size; its numbers are in pixels of that size.</summary>
internal sealed class ElasticCorruptor : Corruptor
{
    // The affine warp takes the first six uniforms; the fields begin at the next block of four.
    private const int FieldsFrom = 8;

    private readonly ElasticTransform _pixels;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly ReflectedGaussian _down;
    private readonly ReflectedGaussian _across;
    private readonly float[] _uniforms;
    private readonly double[] _fieldX;
    private readonly double[] _fieldY;
    private readonly double[] _scratch;
    private readonly float[] _warped;

    public ElasticCorruptor(ElasticTransform pixels, int channels, int height, int width)
    {
        (_pixels, _channels, _height, _width) = (pixels, channels, height, width);
        (_down, _across) = (new(height, pixels.Smoothing), new(width, pixels.Smoothing));
        var plane = height * width;
        _uniforms = new float[FieldsFrom + 2 * plane];
        (_fieldX, _fieldY, _scratch, _warped) = (new double[plane], new double[plane], new double[plane], new float[channels * plane]);
    }

    public override void Apply(Span<float> image, DrawSource draws, int part, int row)
    {
        draws.FillUniform(_uniforms, DrawPurpose.ElasticTransform, part, row);
        Span<double> offsets = stackalloc double[6];
        for (var i = 0; i < 6; i++) offsets[i] = _pixels.Offset * (2.0 * _uniforms[i] - 1);
        var plane = _height * _width;
        for (var i = 0; i < plane; i++)
        {
            _fieldX[i] = 2.0 * _uniforms[FieldsFrom + i] - 1;
            _fieldY[i] = 2.0 * _uniforms[FieldsFrom + plane + i] - 1;
        }
        Apply(image, offsets, _fieldX, _fieldY);
    }

    /// <summary>Transforms with given numbers: displacements x, y of the three points, and two fields [H, W] in [-1,1], which are smoothed in place.</summary>
    internal void Apply(Span<float> image, ReadOnlySpan<double> offsets, Span<double> fieldX, Span<double> fieldY)
    {
        AffineWarp.OfDisplacedCorners(_height, _width, offsets).Apply(image, _warped, _channels, _height, _width);
        ReflectedGaussian.Smooth(fieldX, _down, _across, _scratch);
        ReflectedGaussian.Smooth(fieldY, _down, _across, _scratch);
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var at = y * _width + x;
                var taps = new BilinearTaps(_height, _width, y + _pixels.Intensity * fieldY[at], x + _pixels.Intensity * fieldX[at], Border.Reflect);
                for (var c = 0; c < _channels; c++)
                {
                    var value = taps.Of(_warped.AsSpan(c * _height * _width, _height * _width));
                    image[c * _height * _width + at] = (float)Math.Clamp(value, 0, 1);
                }
            }
        }
    }
}
