using Lacuna.Data;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Packing;

namespace Lacuna.Tests.Data.ImageFiles;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _root;
    private readonly ImageFolderOptions _options;

    public ImageFolderTests()
    {
        GoldenImages.RequireLibraries();
        _root = _folder.File("set");
        _options = new() { CacheFolder = _folder.File("cache") };
    }

    [Fact]
    public void AFolderIsReadInTheOrderOfTorchvision()
    {
        var written = ImageFolders.Write(_root);
        // Deeper ones come behind those of their class; other endings and hidden files do not count.
        written["train/cat/deeper/a.PNG"] = ImageFolders.Add(_root, "train/cat/deeper/a.PNG", new(1));
        ImageFolders.Put(_root, "train/cat/notes.txt", [1]);
        ImageFolders.Put(_root, "train/list.txt", [1]);
        ImageFolders.Put(_root, "train/dog/.hidden.png", [1]);

        var set = ImageFolders.Open(_root, _options);

        Assert.Equal(["cat", "dog"], set.Train.ClassNames);
        Assert.Equal(["train/cat/00.png", "train/cat/05.png", "train/cat/deeper/a.PNG", "train/dog/00.png"], new[] { 0, 5, 6, 7 }.Select(i => set.Train.Details.Files![i]));
        Assert.Equal([7, 6], set.Train.CountsPerClass());
        Assert.Equal([2, 2], set.Test.CountsPerClass());
        Assert.Equal((3, 4, 5), (set.Train.Channels, set.Train.Height, set.Train.Width));
        Assert.Equal((_root, 2, false), (set.Train.Details.Folder, set.OtherFiles, set.FromCache));
        foreach (var part in new[] { set.Train, set.Test })
        {
            for (var i = 0; i < part.Count; i++) Assert.Equal(ImageFolders.Planes(written[part.Details.Files![i]], 3), part.Image(i).ToArray());
            // The hash that was taken when packing is that of the images in memory.
            Assert.Equal(new ImageSet("", part.Pixels.ToArray(), part.Labels.ToArray(), 3, 4, 5, part.ClassNames).ContentHash, part.ContentHash);
        }
    }

    [Fact]
    public void GreyFoldersHaveOneChannelUnlessThreeAreAskedFor()
    {
        var written = ImageFolders.Write(_root, channels: 1);
        var grey = ImageFolders.Open(_root, _options).Train;
        Assert.Equal(1, grey.Channels);
        Assert.Equal(written["train/cat/00.png"], grey.Image(0).ToArray());

        var three = ImageFolders.Open(_root, _options with { Sizing = new() { Channels = 3 } }).Train;
        Assert.Equal([.. grey.Image(0), .. grey.Image(0), .. grey.Image(0)], three.Image(0).ToArray());

        ImageFolders.Add(_root, "test/dog/colour.png", new(2));
        Assert.Equal(3, ImageFolders.Open(_root, _options).Train.Channels);
        Assert.Equal(1, ImageFolders.Open(_root, _options with { Sizing = new() { Channels = 1 } }).Test.Channels);
    }

    [Fact]
    public void SizesAreBroughtTogether()
    {
        ImageFolders.Write(_root);
        ImageFolders.Add(_root, "train/cat/large.png", new(3), height: 9, width: 30);
        var refusal = Assert.Throws<DataFileException>(() => ImageFolders.Open(_root, _options));
        Assert.Contains("train/cat/00.png has 5x4", refusal.Message);
        Assert.Contains("train/cat/large.png has 30x9", refusal.Message);
        Assert.Contains("--resize", refusal.Message);

        var set = ImageFolders.Open(_root, _options with { Sizing = new() { Resize = 8, Crop = 6, Given = 4 } });
        Assert.Equal((6, 6, 4, 4), (set.Train.StoredHeight, set.Train.StoredWidth, set.Train.Height, set.Train.Width));
        Assert.Equal(set.Train.ContentHash, ImageFolders.Open(_root, _options with { Sizing = new() { Resize = 8, Crop = 6 } }).Train.ContentHash);

        // Only cut: too small ones are named.
        var cut = Assert.Throws<DamagedImagesException>(() => ImageFolders.Open(_root, _options with { Sizing = new() { Crop = 5 } }));
        Assert.Equal(16, cut.Images.Count);
        Assert.Contains("5x4 pixels; a square of 5", cut.Images[0].Reason);
    }

    [Theory]
    [InlineData(8, 9, null, null)]
    [InlineData(8, null, 9, null)]
    [InlineData(0, null, null, null)]
    [InlineData(null, null, null, 2)]
    public void SizesThatDoNotFitAreRefused(int? resize, int? crop, int? given, int? channels) =>
        Assert.Throws<ArgumentException>(() => ImageFolders.Open(_root, _options with { Sizing = new() { Resize = resize, Crop = crop, Given = given, Channels = channels } }));

    [Fact]
    public void ValidationImagesAreForTestingWhereThereAreNoOthers()
    {
        ImageFolders.Write(_root);
        Directory.Move(Path.Combine(_root, "test"), Path.Combine(_root, "val"));
        Assert.Equal("val/cat/00.png", ImageFolders.Open(_root, _options).Test.Details.Files![0]);
    }

    [Fact]
    public void OneFolderIsDividedByASplitFile()
    {
        for (var i = 0; i < 5; i++) ImageFolders.Add(_root, $"{(i < 3 ? "a" : "b")}/{i}.png", new(i));
        var split = _folder.Write("split.csv", "file,split\na/0.png,train # kept\na/1.png,test\n\nb/3.png, Train\n\"b/4.png\",test\n");

        var set = ImageFolders.Open(_root, _options with { SplitFile = split });

        Assert.Equal(["a/0.png", "b/3.png"], set.Train.Details.Files!);
        Assert.Equal(["a/1.png", "b/4.png"], set.Test.Details.Files!);
        Refuse("'train'", _options);
        Refuse("line 2: 'a/1.png' does not end in ',train'", _options with { SplitFile = _folder.Write("s", "a/0.png,train\na/1.png") });
        Refuse("line 1: there is no image 'a/9.png'", _options with { SplitFile = _folder.Write("s", "a/9.png,train") });
        Refuse("line 2: 'a/0.png' is on another line", _options with { SplitFile = _folder.Write("s", "a/0.png,train\na/0.png,test") });
        Refuse("no image for testing", _options with { SplitFile = _folder.Write("s", "a/0.png,train") });
        Refuse("cannot be read", _options with { SplitFile = _folder.File("none") });
    }

    [Fact]
    public void AShareOfEachClassIsHeldOut()
    {
        for (var i = 0; i < 30; i++) ImageFolders.Add(_root, $"{(i < 20 ? "a" : "b")}/{i:00}.png", new(i));
        PackedSet Held(ulong seed) => ImageFolders.Open(_root, _options with { HeldOut = new(0.2, seed) });

        var set = Held(1);
        Assert.Equal([4, 2], set.Test.CountsPerClass());
        Assert.Equal([16, 8], set.Train.CountsPerClass());
        Assert.Equal(30, set.Train.Details.Files!.Union(set.Test.Details.Files!).Count());
        Assert.Equal(set.Test.Details.Files!, Held(1).Test.Details.Files!);
        Assert.NotEqual(set.Test.Details.Files!, Held(2).Test.Details.Files!);
        Assert.Throws<ArgumentException>(() => ImageFolders.Open(_root, _options with { HeldOut = new(1, 1) }));
    }

    [Fact]
    public void WhatIsMissingIsSaid()
    {
        Refuse("is no folder", _options);
        Directory.CreateDirectory(_root);
        Refuse("no folder 'train'", _options);
        Directory.CreateDirectory(Path.Combine(_root, "train"));
        Refuse("neither 'test' nor 'val'", _options);
        Directory.CreateDirectory(Path.Combine(_root, "test"));
        Refuse("holds no folders", _options);
        ImageFolders.Write(_root);
        Directory.CreateDirectory(Path.Combine(_root, "train", "empty"));
        Refuse("holds no .jpg", _options);
        ImageFolders.Add(_root, "train/empty/0.png", new(1));
        ImageFolders.Add(_root, "test/other/0.png", new(1));
        Refuse("Only in train: empty. Only in test: other.", _options);
        Refuse("inside the images' folder", _options with { CacheFolder = Path.Combine(_root, "cache") });
        Assert.False(Directory.Exists(_options.CacheFolder));
    }

    [Fact]
    public void FoldersOfImagesAreRecognised()
    {
        Assert.False(ImageFolderDataset.Recognises(_root));
        Directory.CreateDirectory(Path.Combine(_root, "train", "a"));
        Assert.False(ImageFolderDataset.Recognises(_root));
        ImageFolders.Add(_root, "train/a/0.png", new(1));
        Assert.True(ImageFolderDataset.Recognises(_root));
        Assert.True(ImageFolderDataset.Recognises(Path.Combine(_root, "train")));
    }

    public void Dispose() => _folder.Dispose();

    private void Refuse(string because, ImageFolderOptions options) =>
        Assert.Contains(because, Assert.Throws<DataFileException>(() => ImageFolders.Open(_root, options)).Message);
}
