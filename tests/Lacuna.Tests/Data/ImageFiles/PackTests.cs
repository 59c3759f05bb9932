using Lacuna.Data;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Packing;

namespace Lacuna.Tests.Data.ImageFiles;

public sealed class PackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _root;
    private readonly string _cache;
    private readonly ImageFolderOptions _options;

    public PackTests()
    {
        GoldenImages.RequireLibraries();
        (_root, _cache) = (_folder.File("set"), _folder.File("cache"));
        _options = new() { CacheFolder = _cache };
        ImageFolders.Write(_root);
    }

    [Fact]
    public void TheSecondStartFindsThePack()
    {
        var first = ImageFolders.Open(_root, _options);
        // An opened file would be noticed.
        var reports = new List<PackProgress>();
        var second = ImageFolderDataset.Open(_root, _options, new Listener(reports.Add), TestContext.Current.CancellationToken);
        Assert.Equal((false, true, 0), (first.FromCache, second.FromCache, reports.Count));
        Assert.Equal(first.Train.ContentHash, second.Train.ContentHash);
        Assert.Equal(first.Train.Pixels.ToArray(), second.Train.Pixels.ToArray());
        Assert.Equal(first.Test.Labels.ToArray(), second.Test.Labels.ToArray());
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(new FileInfo(first.Path).Length, first.FileLength);
        second.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(first.Path, Assert.Single(new PackCache(_cache).List()).Path);
        Assert.False(ImageFolders.Open(_root, _options with { Repack = true }).FromCache);
    }

    [Fact]
    public void AMovedFolderKeepsItsPack()
    {
        ImageFolders.Open(_root, _options);
        var moved = _folder.File("moved");
        Directory.Move(_root, moved);
        var set = ImageFolders.Open(moved, _options);
        Assert.Equal((true, moved, "moved-train"), (set.FromCache, set.Train.Details.Folder, set.Train.Name));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("time")]
    [InlineData("added")]
    [InlineData("removed")]
    [InlineData("renamed")]
    [InlineData("linked")]
    public void AChangedFolderIsNoticed(string change)
    {
        if (change == "linked")
        {
            Directory.CreateDirectory(_folder.File("away"));
            File.Move(Path.Combine(_root, "train/cat/00.png"), _folder.File("away/00.png"));
            File.CreateSymbolicLink(Path.Combine(_root, "train/cat/00.png"), _folder.File("away/00.png"));
        }
        var before = ImageFolders.Open(_root, _options);
        var file = Path.Combine(_root, "train/cat/00.png");
        switch (change)
        {
            case "content": ImageFolders.Add(_root, "train/cat/00.png", new(99)); break;
            case "time": File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddMilliseconds(1)); break;
            case "added": ImageFolders.Add(_root, "test/dog/99.png", new(99)); break;
            case "removed": File.Delete(file); break;
            case "renamed": File.Move(file, file.Replace("00", "99")); break;
            case "linked": ImageFolders.Add(_folder.Path, "away/00.png", new(99)); break;
        }
        var after = ImageFolders.Open(_root, _options);
        Assert.False(after.FromCache);
        Assert.Equal(change == "time", before.Train.ContentHash == after.Train.ContentHash && before.Test.ContentHash == after.Test.ContentHash);
        // The old one is of no use to anyone.
        Assert.Equal(after.Path, Assert.Single(Directory.GetFiles(_cache)));
    }

    [Fact]
    public void OtherSizesHaveTheirOwnPack()
    {
        ImageFolders.Open(_root, _options);
        ImageFolders.Open(_root, _options with { Sizing = ImageSizing.Square(4) });
        Assert.True(ImageFolders.Open(_root, _options).FromCache);
        Assert.True(ImageFolders.Open(_root, _options with { Sizing = new() { Resize = 4, Given = 3 } }).FromCache);
        Assert.Equal(2, new PackCache(_cache).List().Count);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("longer")]
    [InlineData("header")]
    [InlineData("tables")]
    [InlineData("empty")]
    [InlineData("version")]
    public void ADamagedPackIsMadeAnew(string damage)
    {
        var path = ImageFolders.Open(_root, _options).Path;
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "truncated": bytes = bytes[..^1]; break;
            case "longer": bytes = [.. bytes, 0]; break;
            case "header": bytes[24] ^= 1; break;
            case "tables": bytes[^10] ^= 1; break;
            case "empty": bytes = []; break;
            case "version": bytes[8]++; break;
        }
        // A new file, as another program would write: the first set still has the old one mapped.
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<DataFileException>(() => PackedSet.Open(path));
        Assert.Empty(new PackCache(_cache).List());
        var again = ImageFolders.Open(_root, _options);
        Assert.False(again.FromCache);
        again.Verify(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AnAlteredPixelIsFoundByVerify()
    {
        var path = ImageFolders.Open(_root, _options).Path;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = PackHeader.Size + 17;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }
        var refusal = Assert.Throws<DataFileException>(() => ImageFolders.Open(_root, _options).Verify(TestContext.Current.CancellationToken));
        Assert.Contains("set-train are not those that were packed", refusal.Message);
    }

    [Fact]
    public void DamagedImagesAreAllListedAndLeftOutWhenAsked()
    {
        ImageFolders.Put(_root, "train/cat/02.png", []);
        ImageFolders.Put(_root, "train/cat/bad.jpg", "no image"u8.ToArray());
        ImageFolders.Put(_root, "train/dog/00.png", File.ReadAllBytes(Path.Combine(_root, "train/dog/00.png"))[..^20]);
        ImageFolders.Put(_root, "test/dog/01.png", GoldenImages.Get("bomb.png.bad"));
        string[] bad = ["train/cat/02.png", "train/cat/bad.jpg", "train/dog/00.png", "test/dog/01.png"];

        var refusal = Assert.Throws<DamagedImagesException>(() => ImageFolders.Open(_root, _options));
        Assert.Equal(bad, refusal.Images.Select(image => image.File));
        Assert.Contains("train/cat/bad.jpg: it is neither JPEG nor PNG", refusal.Message);
        Assert.Contains("--skip-bad", refusal.Message);
        Assert.Empty(Directory.GetFiles(_cache));

        var set = ImageFolders.Open(_root, _options with { SkipBad = true });
        Assert.Equal(bad, set.Skipped.Select(image => image.File));
        Assert.Equal([5, 5], set.Train.CountsPerClass());
        Assert.Equal([2, 1], set.Test.CountsPerClass());
        set.Verify(TestContext.Current.CancellationToken);
        using var decoder = new ImageDecoder(ImageLimits.Default);
        foreach (var part in new[] { set.Train, set.Test })
        {
            for (var i = 0; i < part.Count; i++) Assert.Equal(Decoded(decoder, part.Details.Files![i]), part.Image(i).ToArray());
        }
        // A start that does not skip them is told what is missing, without looking at the files again.
        Assert.Equal(bad, Assert.Throws<DamagedImagesException>(() => ImageFolders.Open(_root, _options)).Images.Select(image => image.File));
        Assert.True(ImageFolders.Open(_root, _options with { SkipBad = true }).FromCache);
    }

    [Fact]
    public void ASetWithoutAnyGoodImageIsRefused()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_root, "test"), "*", SearchOption.AllDirectories)) File.WriteAllBytes(file, [1, 2, 3]);
        Assert.Equal(4, Assert.Throws<DamagedImagesException>(() => ImageFolders.Open(_root, _options with { SkipBad = true })).Images.Count);
        Assert.Empty(Directory.GetFiles(_cache));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnInterruptedPackLeavesNothing(bool cancelled)
    {
        using var source = new CancellationTokenSource();
        var interruption = new Listener(_ =>
        {
            if (!cancelled) throw new InvalidOperationException("in the middle");
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        });
        void Open() => ImageFolderDataset.Open(_root, _options, interruption, source.Token);
        if (cancelled) Assert.ThrowsAny<OperationCanceledException>(Open);
        else Assert.Equal("in the middle", Assert.Throws<InvalidOperationException>(Open).Message);
        Assert.Empty(Directory.GetFiles(_cache));
        Assert.False(ImageFolders.Open(_root, _options).FromCache);
    }

    [Fact]
    public void WhatAKilledProcessLeftIsRemovedAndWhatALivingOneWritesIsNot()
    {
        Directory.CreateDirectory(_cache);
        var left = Path.Combine(_cache, "0123-4567.pack.89ab.tmp");
        File.WriteAllBytes(left, new byte[100]);
        var written = Path.Combine(_cache, "0123-4567.pack.cdef.tmp");
        using (File.OpenHandle(written, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            ImageFolders.Open(_root, _options);
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(written));
        }
    }

    [Fact]
    public void TwoPacksAtOnceAreBothRight()
    {
        var sets = new PackedSet[4];
        Parallel.For(0, sets.Length, new() { MaxDegreeOfParallelism = sets.Length }, i => sets[i] = ImageFolders.Open(_root, _options with { Repack = true }));
        foreach (var set in sets) set.Verify(TestContext.Current.CancellationToken);
        Assert.Single(sets.Select(set => set.Train.ContentHash).Distinct());
        Assert.Single(Directory.GetFiles(_cache));
    }

    [Fact]
    public void ACacheThatCannotBeWrittenIsNamed()
    {
        var file = _folder.Write("file", "in the way");
        var refusal = Assert.Throws<DataFileException>(() => ImageFolders.Open(_root, _options with { CacheFolder = Path.Combine(file, "cache") }));
        Assert.Contains("LACUNA_CACHE", refusal.Message);
    }

    public void Dispose() => _folder.Dispose();

    private unsafe byte[] Decoded(ImageDecoder decoder, string file)
    {
        var image = decoder.Decode(File.ReadAllBytes(Path.Combine(_root, file)));
        var count = image.Width * image.Height;
        var planes = new byte[3 * count];
        fixed (byte* to = planes) PixelFormats.ToPlanes(image.Pixels, count, to, count, 3);
        return planes;
    }

    private sealed class Listener(Action<PackProgress> report) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => report(value);
    }
}
