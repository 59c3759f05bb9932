using Lacuna.Reports;

namespace Lacuna.Tests.Reports;

public sealed class PictureTableTests
{
    private static readonly Rgb[] colours = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255), new(255, 255, 0)];

    [Fact]
    public void PicturesStandInTheirRowsAndColumnsUncut()
    {
        PictureCell Cell(int colour) => new(Thumbnail.Of([.. Parts(colours[colour]).SelectMany(part => Enumerable.Repeat(part / 255f, 64))], 3, 8, 8), [("below", new(9, 8, 7))]);
        var canvas = PictureTable.Draw(["one", "a-rather-long-name"], [new(["a", "b"], [Cell(0), Cell(1)]), new(["c"], [Cell(2), Cell(3)], BeginsGroup: true)], "scale");
        var boxes = colours.Select(colour => Box(canvas, colour)).ToArray();
        Assert.All(boxes, box => Assert.Equal((128, 128), (box.Bottom - box.Top + 1, box.Right - box.Left + 1)));
        Assert.True(boxes[0].Right < boxes[1].Left && boxes[0].Top == boxes[1].Top);
        Assert.True(boxes[0].Bottom < boxes[2].Top && boxes[0].Left == boxes[2].Left);
        Assert.True(boxes[3].Left == boxes[1].Left && boxes[3].Top == boxes[2].Top);
        // The text below begins under the first row's pictures and ends above the second row's, or after them.
        var text = Box(canvas, new(9, 8, 7));
        Assert.True(text.Top > boxes[0].Bottom && text.Bottom > boxes[2].Bottom && text.Left >= boxes[0].Left && text.Right <= boxes[1].Right);
        var scale = Box(canvas, HeatColours.Of(1));
        Assert.True(scale.Top > text.Bottom && scale.Bottom < canvas.Height);
    }

    [Theory]
    [InlineData("retrain", 11, "retrain")]
    [InlineData("negative-gradient", 11, "negative-|gradient")]
    [InlineData("PGD-7, white-box", 11, "PGD-7,|white-box")]
    [InlineData("elastic 488/170.8/24.4", 12, "elastic 488/|170.8/24.4")]
    [InlineData("abcdefghijklmnop", 8, "abcdef..")]
    public void LongHeadsAreBrokenWhereWordsEnd(string text, int letters, string expected) => Assert.Equal(expected.Split('|'), PictureTable.Broken(text, letters));

    [Theory]
    [InlineData(28, 28, 5)]
    [InlineData(32, 32, 4)]
    [InlineData(64, 100, 2)]
    [InlineData(224, 224, 1)]
    public void SmallImagesAreEnlarged(int height, int width, int factor) => Assert.Equal(factor, Thumbnail.FactorFor(height, width));

    /// <summary>Relative luminance (IEC 61966-2-1) rises with every step of a hundredth, from almost black to almost white.</summary>
    [Fact]
    public void HeatColoursRiseInLightness()
    {
        var luminance = Enumerable.Range(0, 101).Select(i => Luminance(HeatColours.Of(i / 100.0))).ToArray();
        Assert.All(luminance.Skip(1).Zip(luminance), pair => Assert.True(pair.First > pair.Second));
        Assert.True(luminance[0] < 0.03 && luminance[^1] > 0.8, $"{luminance[0]} to {luminance[^1]}");
        Assert.Equal(HeatColours.Of(0), HeatColours.Of(double.NaN));
        Assert.Equal(HeatColours.Of(1), HeatColours.Of(7));
    }

    private static double Luminance(Rgb colour)
    {
        var linear = Parts(colour).Select(part => part / 255.0).Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static byte[] Parts(Rgb colour) => [colour.Red, colour.Green, colour.Blue];

    private static (int Top, int Left, int Bottom, int Right) Box(PixelCanvas canvas, Rgb colour)
    {
        var places = Enumerable.Range(0, canvas.Height * canvas.Width).Where(i => canvas.Pixels.Slice(i * 3, 3).SequenceEqual(Parts(colour))).ToArray();
        Assert.NotEmpty(places);
        return (places.Min(i => i / canvas.Width), places.Min(i => i % canvas.Width), places.Max(i => i / canvas.Width), places.Max(i => i % canvas.Width));
    }
}
