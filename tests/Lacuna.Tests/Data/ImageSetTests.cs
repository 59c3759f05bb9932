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
}
