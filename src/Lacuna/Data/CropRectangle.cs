using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>
/// Part of an image, of random area and shape (Szegedy et al. 2015, "Going deeper with convolutions", section 6): the area uniform from a smallest share of the image's on, the ratio of
/// width to height uniform in its logarithm from 3/4 to 4/3, the place uniform. Sizes that do not fit are drawn anew; after ten of them it is the largest middle of a ratio in these bounds.
/// Rounding and last resort are those of torchvision's RandomResizedCrop.
/// </summary>
public readonly record struct CropRectangle(int Top, int Left, int Height, int Width)
{
    private const int Attempts = 10;
    private const double Narrowest = 3.0 / 4, Widest = 4.0 / 3;

    // ln(4/3), to the nearest double.
    private const double LogWidest = 0.28768207245178090;

    // Draws 0 to 3 of a row are the other augmentations'.
    private const int FirstLane = 4, LanesPerAttempt = 4;

    /// <summary>The rectangle for an image. It depends on (seed, epoch, row), the least area and the image's size alone, and is the same on every machine.</summary>
    /// <param name="leastArea">Smallest area as a share of the image's, above 0 up to 1.</param>
    /// <param name="height">The image's.</param>
    /// <param name="width">The image's.</param>
    /// <param name="draws">Of the run.</param>
    /// <param name="epoch">The draws' step.</param>
    /// <param name="row">The image's row in its set.</param>
    public static CropRectangle Draw(double leastArea, int height, int width, DrawSource draws, int epoch, int row)
    {
        const DrawPurpose purpose = DrawPurpose.Augmentation;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var lane = FirstLane + attempt * LanesPerAttempt;
            var area = (double)height * width * (leastArea + (1 - leastArea) * draws.UniformDouble(purpose, epoch, row, lane));
            var ratio = Exponential(LogWidest * (2 * draws.UniformDouble(purpose, epoch, row, lane + 1) - 1));
            var w = (int)Math.Round(Math.Sqrt(area * ratio));
            var h = (int)Math.Round(Math.Sqrt(area / ratio));
            if (w < 1 || w > width || h < 1 || h > height) continue;
            return new(draws.Below(height - h + 1, purpose, epoch, row, lane + 2), draws.Below(width - w + 1, purpose, epoch, row, lane + 3), h, w);
        }
        var tallest = (double)width / height < Narrowest ? (int)Math.Round(width / Narrowest) : height;
        var widest = (double)width / height > Widest ? (int)Math.Round(height * Widest) : width;
        return new((height - tallest) / 2, (width - widest) / 2, tallest, widest);
    }

    // The machines' own exponentials differ in the last bit, and so could a rectangle. Sums and products do not: x^k / k! up to x^15, below 2^-53 of the whole for |x| < 0.3.
    private static double Exponential(double x)
    {
        var sum = 1.0;
        for (var k = 15; k >= 1; k--) sum = 1 + x / k * sum;
        return sum;
    }
}
