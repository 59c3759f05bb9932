using Lacuna.Data;
using static Lacuna.Tests.Data.IdxFiles;

namespace Lacuna.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ImagesAndLabelsAreReadPlainAndCompressed(bool compressed)
    {
        string images = Write("images", Images(3, 2, 4), compressed);
        string labels = Write("labels", Labels(2, 0, 9), compressed);

        ImageSet set = IdxDataset.Load(images, labels, ClassNames.Numbers(10));

        Assert.Equal((3, 1, 2, 4, 10), (set.Count, set.Channels, set.Height, set.Width, set.ClassCount));
        Assert.Equal([2, 0, 9], set.Labels.ToArray());
        Assert.Equal([8, 9, 10, 11, 12, 13, 14, 15], set.Image(1).ToArray());
    }

    [Theory]
    [InlineData(false, 0, "offset 0")]
    [InlineData(false, 3, "offset 3")]
    [InlineData(false, 15, "offset 15")]
    [InlineData(false, 16, "offset 40")]
    [InlineData(false, 39, "offset 40")]
    [InlineData(true, 39, "ends at offset 39")]
    [InlineData(true, 16, "ends at offset 16")]
    public void ATruncatedFileIsRefusedWithItsOffset(bool compressed, int length, string offset) =>
        RefuseImages(Images(3, 2, 4)[..length], compressed, offset, "truncated");

    [Fact]
    public void AGzipStreamCutAnywhereIsRefused()
    {
        // Bytes that do not compress, so that every cut loses some.
        byte[] pixels = new byte[64];
        new Random(1).NextBytes(pixels);
        byte[] gzip = Gzip([.. Header(0x803, 1, 8, 8), .. pixels]);
        for (int length = 0; length < gzip.Length - 16; length++)
        {
            string path = _folder.Write("cut.gz", gzip[..length]);
            Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
        }
    }

    [Fact]
    public void ADamagedGzipStreamIsRefused()
    {
        byte[] gzip = Gzip(Images(3, 2, 4));
        gzip[^8] ^= 1;

        var refusal = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(_folder.Write("crc.gz", gzip)));

        Assert.Contains("gzip stream is damaged", refusal.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnOversizedFileIsRefusedWithItsOffset(bool compressed) =>
        RefuseImages(Images(3, 2, 4, pixels: 25), compressed, "goes on after offset 40", "3 images of 2x4");

    [Fact]
    public void ADecompressionBombCostsNoMoreThanItDeclares()
    {
        string path = _folder.Write("bomb.gz", Gzip([.. Images(1, 1, 1), .. new byte[50_000_000]]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));

        Assert.Contains("goes on after offset 17", refusal.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADeclaredSizeThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken(bool compressed)
    {
        byte[] content = [.. Header(0x803, 60_000, 100, 100), 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();

        RefuseImages(content, compressed, "offset 600000016", "truncated");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, "at most")]
    [InlineData(0, 28, 28, "size of 0 at offset 4")]
    [InlineData(3, -1, 28, "size of -1 at offset 8")]
    [InlineData(3, 28, int.MinValue, "at offset 12")]
    public void AnImpossibleSizeIsRefused(int count, int height, int width, string word) =>
        RefuseImages(Header(0x803, count, height, width), false, word);

    [Theory]
    [InlineData(0x801u, "swapped")]
    [InlineData(0xD03u, "not an IDX file of bytes")]
    [InlineData(0x03080000u, "not an IDX file of bytes")]
    public void AWrongMagicIsRefused(uint magic, string word) =>
        RefuseImages(Images(1, 1, 1, magic: magic), false, $"0x{magic:x8} at offset 0", word);

    [Fact]
    public void LabelsInPlaceOfImagesAreNoticed()
    {
        var refusal = Assert.Throws<DataFileException>(() => IdxFile.ReadLabels(_folder.Write("images", Images(1, 1, 1))));

        Assert.Contains("image file where labels are expected", refusal.Message);
    }

    [Fact]
    public void AFileThatIsOnlyNamedGzIsRefused()
    {
        var refusal = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(_folder.Write("plain.gz", Images(1, 1, 1))));

        Assert.Contains("plain.gz", refusal.Message);
        Assert.Contains("1f 8b", refusal.Message);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.Contains("none.gz", Assert.Throws<DataFileException>(() => IdxFile.ReadImages(_folder.File("none.gz"))).Message);

    [Fact]
    public void FilesOfDifferentCountsAreRefused()
    {
        string images = _folder.Write("images", Images(3, 1, 1));
        string labels = _folder.Write("labels", Labels(1, 2));

        var refusal = Assert.Throws<DataFileException>(() => IdxDataset.Load(images, labels, ClassNames.Numbers(10)));

        Assert.StartsWith(labels, refusal.Message);
        Assert.Contains("2 labels at offset 4", refusal.Message);
        Assert.Contains("3 images", refusal.Message);
    }

    [Fact]
    public void ALabelWithoutClassIsRefusedWithItsOffset()
    {
        string images = _folder.Write("images", Images(3, 1, 1));
        string labels = _folder.Write("labels", Labels(1, 2, 3));

        var refusal = Assert.Throws<DataFileException>(() => IdxDataset.Load(images, labels, ["a", "b", "c"]));

        Assert.Contains("label 3 at offset 10 (image 2)", refusal.Message);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] content, bool compressed) => _folder.Write(name, compressed ? Gzip(content) : content);

    private void RefuseImages(byte[] content, bool compressed, params string[] words)
    {
        string path = Write("refused", content, compressed);
        var refusal = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
        Assert.StartsWith(path, refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message));
    }
}
