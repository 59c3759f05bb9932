using System.Globalization;
using Lacuna.Data.Images;

namespace Lacuna.Tests.Data.ImageFiles;

public sealed class ResamplerTests
{
    public ResamplerTests() => GoldenImages.RequireLibraries();

    public static TheoryData<string> Results => [.. GoldenImages.Names.Where(name => name.StartsWith("size-") && name.Split('.').Length == 4)];

    [Theory]
    [MemberData(nameof(Results))]
    public unsafe void ResizingAndCuttingGiveThePixelsOfTorchvision(string name)
    {
        var words = name.Split('.');
        var (resize, crop) = (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
        using var decoder = new ImageDecoder(ImageLimits.Default);
        using var resampler = new Resampler();
        var planes = new byte[3 * crop * crop];
        fixed (byte* to = planes) resampler.Run(decoder.Decode(GoldenImages.Get(words[0] + ".png")), resize, crop, to, 3);

        Assert.Equal(GoldenImages.Get(name), Enumerable.Range(0, planes.Length).Select(i => planes[i % 3 * crop * crop + i / 3]));
    }

    [Theory]
    // Python: int(256 * 500 / 375), int(7 * 10 / 3); both sides of a square.
    [InlineData(500, 375, 256, 341, 256)]
    [InlineData(3, 10, 7, 7, 23)]
    [InlineData(40, 40, 8, 8, 8)]
    public void TheLongerSideIsCutOffToWholePixels(int width, int height, int size, int newWidth, int newHeight) =>
        Assert.Equal((newWidth, newHeight), Resampler.SizeAfter(width, height, size));

    [Theory]
    // Python: round(0.5), round(1.5), round(2.5).
    [InlineData(5, 4, 0)]
    [InlineData(7, 4, 2)]
    [InlineData(9, 4, 2)]
    public void HalvesOfTheCutGoToTheEvenNumber(int length, int kept, int start) => Assert.Equal(start, Resampler.CropStart(length, kept));
}
