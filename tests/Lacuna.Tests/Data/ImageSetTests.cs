using System.Security.Cryptography;
using Lacuna.Data;

namespace Lacuna.Tests.Data;

public sealed class ImageSetTests
{
    private static readonly string[] Classes = ["a", "b"];

    private readonly ImageSet _set = new("tiny", [1, 2, 3, 4, 5, 6], [0, 1, 0], 1, 2, 1, Classes);

    [Fact]
    public void SelectTakesImagesInTheOrderGiven()
    {
        ImageSet selected = _set.Select([2, 0, 2]);

        Assert.Equal([5, 6, 1, 2, 5, 6], selected.Pixels.ToArray());
        Assert.Equal([0, 0, 0], selected.Labels.ToArray());
        Assert.Equal([2, 1], _set.CountsPerClass());
        Assert.Equal(0, _set.Select([]).Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void SelectRefusesAnIndexOutside(int index) => Assert.Throws<ArgumentOutOfRangeException>(() => _set.Select([index]));

    [Fact]
    public void TheHashIsThatOfTheDocumentedBytes()
    {
        int[] header = [3, 1, 2, 1, 2, 0, 1, 0];
        byte[] bytes = [.. header.SelectMany(BitConverter.GetBytes), 1, 2, 3, 4, 5, 6];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), _set.ContentHash);
    }

    [Fact]
    public void TheHashSeesPixelsLabelsAndShapes()
    {
        ImageSet[] others =
        [
            _set,
            new("tiny", [1, 2, 3, 4, 5, 7], [0, 1, 0], 1, 2, 1, Classes),
            new("tiny", [1, 2, 3, 4, 5, 6], [0, 1, 1], 1, 2, 1, Classes),
            new("tiny", [1, 2, 3, 4, 5, 6], [0, 1, 0], 1, 1, 2, Classes),
            new("tiny", [1, 2, 3, 4, 5, 6], [0, 1, 0], 2, 1, 1, Classes),
        ];

        Assert.Equal(others.Length, others.Select(set => set.ContentHash).Distinct().Count());
    }

    [Fact]
    public void SizesAndLabelsThatDoNotFitAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[5], [0, 1, 0], 1, 2, 1, Classes));
        Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[6], [0, 2, 0], 1, 2, 1, Classes));
        Assert.Throws<ArgumentException>(() => new ImageSet("x", new byte[6], [0, -1, 0], 1, 2, 1, Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet("x", [], [], 0, 2, 1, Classes));
    }

    [Fact]
    public void ASetGivenSmallerIsTheSameSet()
    {
        ImageSet part = _set.GivenAt(1, 1);

        Assert.Equal((1, 1, 2, 1), (part.Height, part.Width, part.StoredHeight, part.StoredWidth));
        Assert.Equal(_set.ContentHash, part.ContentHash);
        Assert.Equal((1, 2), (part.Select([1]).Height, part.Select([1]).StoredHeight));
        Assert.Contains("3x1", Assert.Throws<ArgumentException>(() => _set.GivenAt(3, 1)).Message);
        Assert.Throws<ArgumentException>(() => _set.GivenAt(0, 1));
    }

    [Fact]
    public void DetailsFollowTheImagesAndMustFitThem()
    {
        ImageSet Set(ImageDetails details) => new("x", new ArrayPixels([1, 2]), [0, 1], 1, 1, 1, Classes, details);
        var details = new ImageDetails { Files = ["a/1.png", "b/2.png"], SubLabels = [1, 0], SubNames = ["p", "q"] };

        ImageDetails second = Set(details).Select([1]).Details;

        Assert.Equal(["b/2.png"], second.Files);
        Assert.Equal([0], second.SubLabels);
        Assert.Throws<ArgumentException>(() => Set(details with { Files = ["a"] }));
        Assert.Throws<ArgumentException>(() => Set(details with { SubLabels = [0] }));
        Assert.Throws<ArgumentException>(() => Set(details with { SubLabels = [0, 2] }));
    }
}
