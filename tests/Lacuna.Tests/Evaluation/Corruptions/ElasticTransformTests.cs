using System.Globalization;
using Lacuna.Evaluation.Corruptions;
using Lacuna.Numerics;

namespace Lacuna.Tests.Evaluation.Corruptions;

public sealed class ElasticTransformTests
{
    // Twelve digits are in the file; sums of products of numbers near 1 in float64 lose less than one of them.
    private const double Double = 1e-11;

    // Pixels are float32: half a rounding of a number below 1, and the same once more of the warped image.
    private const double Single = 2e-7;

    [Fact]
    public void SmoothingIsScipys() => AllCases("smooth", (golden, name) =>
    {
        var field = Field(golden, 0);
        ReflectedGaussian.Smooth(field, new(golden.Height, golden.Sigma), new(golden.Width, golden.Sigma), new double[field.Length]);
        golden.Check(name, place => field[place], Double);
    });

    [Fact]
    public void ResamplingIsScipysHoweverFarOutside() => AllCases("sample", (golden, name) =>
    {
        var (image, plane) = (Image(golden), golden.Height * golden.Width);
        var (x, y) = (Field(golden, 0), Field(golden, 1));
        golden.Check(name, place =>
        {
            var (row, column) = (place % plane / golden.Width, place % golden.Width);
            var taps = new BilinearTaps(golden.Height, golden.Width, row + 3 * golden.Height * y[place % plane], column + 3 * golden.Width * x[place % plane], Border.Reflect);
            return taps.Of(image.AsSpan(place / plane * plane, plane));
        }, Single);
    });

    [Fact]
    public void TheWarpTakesThreePointsToTheirPlaces() => AllCases("warp", (golden, name) =>
    {
        var image = Image(golden);
        var warped = new float[image.Length];
        AffineWarp.OfDisplacedCorners(golden.Height, golden.Width, Offsets(golden)).Apply(image, warped, golden.Channels, golden.Height, golden.Width);
        golden.Check(name, place => warped[place], Single);
    });

    /// <summary>The displaced place is off by the rounding of the warped pixels alone; all else is float64.</summary>
    [Fact]
    public void TheWholeIsWarpThenDisplacementThenClip() => AllCases("whole", (golden, name) =>
    {
        var image = Image(golden);
        new ElasticCorruptor(new(golden.Intensity, golden.Sigma, golden.Offset), golden.Channels, golden.Height, golden.Width)
            .Apply(image, Offsets(golden), Field(golden, 0), Field(golden, 1));
        golden.Check(name, place => image[place], Single);
    });

    [Fact]
    public void ParametersScaleWithTheShorterSide()
    {
        var at = new ElasticTransform(488, 170.8, 24.4).At(28, 61);
        Assert.Equal(56, at.Intensity, 1e-12);
        Assert.Equal(19.6, at.Smoothing, 1e-12);
        Assert.Equal(2.8, at.Offset, 1e-12);
    }

    /// <summary>Spread of the smoothed fields in units of the side, at two sizes: alike when the intensity follows the area, and off by the ratio of the sides when it follows the side.</summary>
    [Theory]
    [InlineData(ElasticScaling.SameShape, 1)]
    [InlineData(ElasticScaling.Proportional, 3)]
    public void WhatIsBentByTheSameShareOfTheSide(ElasticScaling scaling, double ratio)
    {
        // The fields have thousands of values but few independent ones; the means of squares over twelve of them are within 15 % of their expectation.
        Assert.InRange(Spread(40) / Spread(120), ratio * 0.85, ratio * 1.15);

        double Spread(int side)
        {
            var at = new ElasticTransform(488, 19.52, 0) { Scaling = scaling }.At(side, side);
            var filter = new ReflectedGaussian(side, at.Smoothing);
            var squares = 0.0;
            for (var n = 0; n < 12; n++)
            {
                var uniforms = new float[side * side];
                new DrawSource(3).FillUniform(uniforms, DrawPurpose.Probe, side, n);
                var field = Array.ConvertAll(uniforms, u => 2.0 * u - 1);
                ReflectedGaussian.Smooth(field, filter, filter, new double[field.Length]);
                squares += field.Sum(v => v * v) / field.Length / 12;
            }
            return at.Intensity * Math.Sqrt(squares) / side;
        }
    }

    [Fact]
    public void NoOffsetAndNoIntensityChangeNothing()
    {
        float[] image = [.. Enumerable.Range(0, 64).Select(i => i / 64f)];
        float[] changed = [.. image];
        new ElasticTransform(0, 10, 0).For(1, 8, 8).Apply(changed, new DrawSource(1), 0, 3);
        Assert.Equal(image, changed);
    }

    [Fact]
    public void TinyImagesAndWrongNumbersAreRefused()
    {
        Assert.Contains("2x9", Assert.Throws<ArgumentException>(() => new ElasticTransform(1, 1, 1).For(1, 2, 9)).Message);
        Assert.Contains("Smoothing is 0", Assert.Throws<ArgumentException>(() => new ElasticTransform(1, 0, 1).Validate()).Message);
    }

    private static float[] Image(Golden golden) =>
        [.. Enumerable.Range(0, golden.Channels * golden.Height * golden.Width).Select(i => (float)((i * 37 + i * i * 11) % 101 / 100.0))];

    private static double[] Field(Golden golden, int turn) =>
        [.. Enumerable.Range(0, golden.Height * golden.Width).Select(i => (i * (73 + 22 * turn) + i * i * 7) % 997 / 498.0 - 1)];

    private static double[] Offsets(Golden golden) => Array.ConvertAll(new[] { 0.9, -0.4, -0.7, 0.8, 0.3, -1.0 }, offset => offset * golden.Offset);

    private static void AllCases(string step, Action<Golden, string> check)
    {
        using var stream = typeof(ElasticTransformTests).Assembly.GetManifestResourceStream("Corruptions.ElasticGolden.csv")!;
        using var reader = new StreamReader(stream);
        var cases = 0;
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            if (cells[7] != step) continue;
            check(Golden.Of(cells), cells[0]);
            cases++;
        }
        Assert.Equal(5, cases);
    }

    private sealed record Golden(int Channels, int Height, int Width, double Sigma, double Intensity, double Offset, (int Place, double Value)[] Values)
    {
        public static Golden Of(string[] cells) => new(
            int.Parse(cells[1], CultureInfo.InvariantCulture), int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture),
            Number(cells[4]), Number(cells[5]), Number(cells[6]),
            [.. cells.Skip(8).Select(cell => cell.Split(':')).Select(pair => (int.Parse(pair[0], CultureInfo.InvariantCulture), Number(pair[1])))]);

        public void Check(string name, Func<int, double> value, double tolerance)
        {
            foreach (var (place, expected) in Values)
                Assert.True(Math.Abs(expected - value(place)) <= tolerance, $"{name} at {place}: {value(place):R} instead of {expected:R}");
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
