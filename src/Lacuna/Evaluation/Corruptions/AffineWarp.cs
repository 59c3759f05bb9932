namespace Lacuna.Evaluation.Corruptions;

/// <summary>An affine warp: the pixel at (x, y) of the result is the bilinear value of the image at (XX x + XY y + X0, YX x + YY y + Y0), with the border reflected about the outermost pixels.</summary>
internal readonly record struct AffineWarp(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>The warp that takes three points about the centre to displaced ones: (cx + s, cy + s), (cx + s, cy - s) and (cx - s, cy - s), s a third of the shorter side.</summary>
    /// <param name="height">Of the image.</param>
    /// <param name="width">Of the image.</param>
    /// <param name="offsets">x and y of the first point's displacement, of the second's, of the third's; in pixels.</param>
    public static AffineWarp OfDisplacedCorners(int height, int width, ReadOnlySpan<double> offsets)
    {
        var side = Math.Min(height, width) / 3;
        var (right, left, bottom, top) = (width / 2 + side, width / 2 - side, height / 2 + side, height / 2 - side);
        // Coordinates a, b along the sides of the displaced triangle, from its corner; a is the way down, b the way left of the image's own.
        var (cornerX, cornerY) = (right + offsets[2], top + offsets[3]);
        var (aX, aY) = (right + offsets[0] - cornerX, bottom + offsets[1] - cornerY);
        var (bX, bY) = (left + offsets[4] - cornerX, top + offsets[5] - cornerY);
        var area = aX * bY - bX * aY;
        // A triangle without area has no inverse; the image then shrinks to its corner, as OpenCV's does.
        var by = area == 0 ? 0 : 2 * side / area;
        var (xx, xy) = (aY * by, -aX * by);
        var (yx, yy) = (bY * by, -bX * by);
        return new(xx, xy, right - xx * cornerX - xy * cornerY, yx, yy, top - yx * cornerX - yy * cornerY);
    }

    /// <summary>Warps an image [C, H, W] into another.</summary>
    public void Apply(ReadOnlySpan<float> image, Span<float> result, int channels, int height, int width)
    {
        var plane = height * width;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var taps = new BilinearTaps(height, width, YX * x + YY * y + Y0, XX * x + XY * y + X0, Border.Reflect101);
                for (var c = 0; c < channels; c++) result[c * plane + y * width + x] = (float)taps.Of(image.Slice(c * plane, plane));
            }
        }
    }
}
