using Lacuna.Data;
using Lacuna.Reports;

namespace Lacuna.Tests.Reports;

public sealed class ContactSheetTests
{
    // Four images of 2x32, two classes; image i is grey of 10 (i + 1).
    private static readonly ImageSet Set = new("x", [.. Enumerable.Range(0, 4).SelectMany(i => Enumerable.Repeat((byte)(10 * (i + 1)), 64))], [1, 0, 1, 1], 1, 2, 32, ["I", "ab"]);

    [Fact]
    public void ARowAClassAndEveryPixelEnlargedByAWholeFactor()
    {
        var sheet = ContactSheet.Draw(Set, [0, 1, 2, 3], 2);
        byte At(int y, int x, int c = 0) => sheet.Pixels[(y * sheet.Width + x) * 3 + c];

        // 32 pixels become 64: names of two letters of 12 pixels between gaps of 3, then two images; rows are as high as letters, 14 pixels.
        Assert.Equal((3 + 2 * 17, 3 + 24 + 3 + 2 * 67), (sheet.Height, sheet.Width));
        Assert.Equal((20, 20, 255), (At(3, 30), At(6, 93, 2), At(7, 30)));
        Assert.Equal((10, 10, 30, 255), (At(20, 30), At(23, 93), At(23, 97), At(23, 94)));
        // The "I" of 5x7 at twice its size: its head is the three middle ones of five, its stem the middle one.
        Assert.Equal([255, 255, 0, 0, 0, 0, 0, 0, 255, 255], Enumerable.Range(3, 10).Select(x => (int)At(3, x)));
        Assert.Equal([255, 255, 255, 255, 0, 0, 255, 255, 255, 255], Enumerable.Range(3, 10).Select(x => (int)At(9, x)));
    }

    [Fact]
    public void ColoursStayColours()
    {
        var set = new ImageSet("x", [1, 2, 3], [0], 3, 1, 1, ["é"]);
        var sheet = ContactSheet.Draw(set, [0], 1);
        Assert.Equal([1, 2, 3], sheet.Pixels.Slice((3 * sheet.Width + 3 + 12 + 3) * 3, 3).ToArray());
    }

    [Fact]
    public void NothingAndTooMuchAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ContactSheet.Draw(Set, [], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContactSheet.Draw(Set, [0], 0));
        var many = new ImageSet("x", new byte[201], [.. Enumerable.Range(0, 201)], 1, 1, 1, [.. Enumerable.Range(0, 201).Select(i => $"{i}")]);
        Assert.Contains("1 to 200 classes, not 201", Assert.Throws<ArgumentException>(() => ContactSheet.Draw(many, Enumerable.Range(0, 201), 1)).Message);
        Assert.Throws<ArgumentException>(() => ContactSheet.Draw(new ImageSet("x", [1, 2], [0], 2, 1, 1, ["a"]), [0], 1));
    }
}
