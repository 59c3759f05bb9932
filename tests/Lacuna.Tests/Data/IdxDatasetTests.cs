using Lacuna.Data;
using static Lacuna.Tests.Data.IdxFiles;

namespace Lacuna.Tests.Data;

/// <summary>Folders of IDX files: their names, and how many classes there are.</summary>
public sealed class IdxDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("train", "t10k", ".gz")]
    [InlineData("train", "t10k", "")]
    [InlineData("emnist-balanced-train", "emnist-balanced-test", ".gz")]
    public void FilesAreFoundUnderThePublishedNames(string train, string test, string extension)
    {
        Write(train, [2, 0, 1], extension);
        Write(test, [1, 3], extension);

        var pair = IdxDataset.TryLoadFolder(_folder.Path)!;

        Assert.Equal([2, 0, 1], pair.Train.Labels.ToArray());
        Assert.Equal([1, 3], pair.Test.Labels.ToArray());
        // Counted over both halves, so that they have the same classes.
        Assert.Equal(["0", "1", "2", "3"], pair.Train.ClassNames);
        Assert.Equal(4, pair.Test.ClassCount);
        Assert.Equal(_folder.Path, pair.Train.Details.Folder);
    }

    [Fact]
    public void EmnistsSixtyTwoClassesAreCounted()
    {
        Write("train", [.. Enumerable.Range(0, 62).Select(i => (byte)i)]);
        Write("t10k", [61]);

        Assert.Equal(62, IdxDataset.TryLoadFolder(_folder.Path)!.Train.ClassCount);
    }

    [Fact]
    public void NamesStandInAFileBesideThem()
    {
        Write("train", [0, 1]);
        Write("t10k", [1]);
        _folder.Write("classes.txt", "cat\n dog \r\n\nbird\n");
        Assert.Equal(["cat", "dog", "bird"], IdxDataset.TryLoadFolder(_folder.Path)!.Train.ClassNames);

        _folder.Write("classes.txt", "cat\n");
        Assert.Contains("label 1 at offset 9 (image 1), but there are 1 classes", Refusal());
        _folder.Write("classes.txt", "cat\nCAT\n");
        Assert.Contains("names the class 'cat' 2 times", Refusal());
        _folder.Write("classes.txt", "\n");
        Assert.Contains("names no class", Refusal());
    }

    [Fact]
    public void WhatIsMissingOrAmbiguousIsNamed()
    {
        Assert.Null(IdxDataset.TryLoadFolder(_folder.Path));
        Write("train", [0, 1]);
        Assert.Contains("neither t10k-images-idx3-ubyte nor", Refusal());
        Write("emnist-digits-test", [0]);
        Write("emnist-letters-test", [0]);
        var refusal = Refusal();
        Assert.Contains("several sets", refusal);
        Assert.Contains("emnist-digits-test-images-idx3-ubyte, emnist-letters-test-images-idx3-ubyte", refusal);
    }

    [Fact]
    public void TheWholeSetsOfTheSharedFolderAreRead()
    {
        var pair = IdxDataset.TryLoadFolder(SharedData.Require("data/mnist"))!;

        Assert.Equal((60_000, 10_000, 10), (pair.Train.Count, pair.Test.Count, pair.Train.ClassCount));
        // MNIST's published constants.
        var statistics = ChannelStatistics.Of(pair.Train, TestContext.Current.CancellationToken);
        Assert.Equal(0.1307, statistics.Mean[0], 4);
        Assert.Equal(0.3081, statistics.Deviation[0], 4);
    }

    public void Dispose() => _folder.Dispose();

    private string Refusal() => Assert.Throws<DataFileException>(() => IdxDataset.TryLoadFolder(_folder.Path)).Message;

    private void Write(string prefix, byte[] labels, string extension = "")
    {
        byte[] Form(byte[] content) => extension.Length > 0 ? Gzip(content) : content;
        _folder.Write($"{prefix}-images-idx3-ubyte{extension}", Form(Images(labels.Length, 2, 2)));
        _folder.Write($"{prefix}-labels-idx1-ubyte{extension}", Form(Labels(labels)));
    }
}
