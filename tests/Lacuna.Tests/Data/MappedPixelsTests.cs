using Lacuna.Data;

namespace Lacuna.Tests.Data;

public sealed class MappedPixelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void AnyPartOfAFileIsMapped()
    {
        var path = _folder.Write("pixels", [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 7))]);
        using var pixels = new MappedPixels(path, 4101, 4000);
        Assert.Equal(4000, pixels.Length);
        Assert.Equal(Enumerable.Range(4101, 4000).Select(i => (byte)(i * 7)), pixels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Slice(3999, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Slice(-1, 1));
        Assert.True(pixels.Slice(4000, 0).IsEmpty);
        Assert.Contains("ends at offset 9000", Assert.Throws<DataFileException>(() => new MappedPixels(path, 8000, 1001)).Message);
        Assert.Throws<DataFileException>(() => new MappedPixels(_folder.File("none"), 0, 1));
        pixels.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pixels.Slice(0, 1));
    }

    /// <summary>The file has holes, and takes no room on systems that know them.</summary>
    [Fact]
    public void OffsetsGoBeyondFourGibibytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no holes there unless asked for, and 5 GB are too many for a test.");
        const long Length = 5L << 30;
        var path = _folder.File("large");
        using (var file = new FileStream(path, FileMode.CreateNew))
        {
            file.SetLength(Length);
            foreach (var at in new[] { 0, int.MaxValue - 1L, int.MaxValue + 7L, uint.MaxValue + 9L, Length - 1 })
            {
                file.Position = at;
                file.WriteByte((byte)(at % 251 + 1));
            }
        }
        using var pixels = new MappedPixels(path, 4096, Length - 4096);
        foreach (var at in new[] { int.MaxValue - 1L, int.MaxValue + 7L, uint.MaxValue + 9L, Length - 1 }) Assert.Equal((byte)(at % 251 + 1), pixels.Slice(at - 4096, 1)[0]);

        // One image of 1 MiB each: the 4097th begins beyond 4 GiB.
        var count = (int)((Length >> 20) - 1);
        using var images = new MappedPixels(path, 1 << 20, (long)count << 20);
        var set = new ImageSet("large", images, new int[count], 1, 1024, 1024, ["a"], ImageDetails.None, "known");
        Assert.Equal((byte)((uint.MaxValue + 9L) % 251 + 1), set.Image(4095)[8]);
        Assert.Equal("known", set.ContentHash);
    }

    public void Dispose() => _folder.Dispose();
}
