using Lacuna.Data;
using Lacuna.Data.Downloads;
using Lacuna.Data.Images;

namespace Lacuna.Tests.Data;

/// <summary>What a name on the command line opens.</summary>
public sealed class DataSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void TheKindShowsInTheContent()
    {
        Assert.Equal(("bundled", 6000, "fashion-mnist-6k"), Summary(Open("fashion-mnist-6k")));
        Assert.Equal(("idx", 60, "tiny"), Summary(Open(TinySet.Write(_folder, "tiny"))));
        Assert.Equal(("cifar", 10, "cifar10"), Summary(Open(CifarFiles.Write(_folder, "ten", CifarFiles.Ten()))));
        Assert.Equal(("cifar", 3, "cifar100"), Summary(Open(_folder.Write("hundred.tgz", CifarFiles.Archive(CifarFiles.Hundred(), "x/")))));
        Assert.Equal(("images", 4, "photos-train"), Summary(Open(Photos())));
    }

    [Fact]
    public void TheSourceSaysHowToOpenTheSameAgain()
    {
        var source = Open(CifarFiles.Write(_folder, "hundred", CifarFiles.Hundred()), request => request with { Labels = CifarLabels.Coarse, Folder = new() { Sizing = new() { Given = 28 } } }).Source;
        Assert.Equal((_folder.File("hundred"), "cifar", CifarLabels.Coarse, 28), (source.Location, source.Kind, source.Labels, source.Given));
        Assert.Equal(("cifar20", 3, 20), (source.Train.Name, source.Train.Images, source.Train.Classes));
        Assert.Equal([3, 32, 32], source.Test.Shape);
        Assert.Matches("^[0-9a-f]{64}$", source.Test.Sha256);
    }

    [Fact]
    public void NetworksAreGivenTheMiddleThatIsAskedFor()
    {
        var data = Open(CifarFiles.Write(_folder, "ten", CifarFiles.Ten()), request => request with { Folder = new() { Sizing = new() { Given = 24 } } });
        Assert.Equal((24, 24, 32), (data.Train.Height, data.Test.Width, data.Test.StoredWidth));
        var photos = Open(Photos(), request => request with { Folder = request.Folder with { Sizing = new() { Resize = 4, Given = 2 } } });
        Assert.Equal((2, 4, 4, 2), (photos.Train.Height, photos.Train.StoredHeight, photos.Source.Resize, photos.Source.Given));
    }

    [Fact]
    public void ADownloadedSetIsOpenedByItsName()
    {
        var home = new DataHome(_folder.File("home"));
        LoadedData Named(string name, CifarLabels? labels = null) => Open(name, request => request with { Home = home, Labels = labels });
        Assert.Contains("lacuna data get cifar20", Assert.Throws<DataFileException>(() => Named("cifar20")).Message);

        CifarFiles.Write(_folder, "home/cifar100", CifarFiles.Hundred());
        home.Save(PublicSets.Find("cifar100")!, ["train.bin", "test.bin"]);
        Assert.Equal(("cifar", 3, "cifar20"), Summary(Named("cifar20")));
        Assert.Equal("cifar100", Named("cifar100").Train.Name);
        Assert.Equal("cifar20", Named("cifar100", CifarLabels.Coarse).Train.Name);
        Assert.Throws<ArgumentException>(() => Named("cifar20", CifarLabels.Fine));
    }

    [Fact]
    public void WhatIsNoDataIsExplained()
    {
        Assert.Contains("'nowhere' is no data", Assert.Throws<ArgumentException>(() => Open("nowhere")).Message);
        Directory.CreateDirectory(_folder.File("empty"));
        var refusal = Assert.Throws<DataFileException>(() => Open(_folder.File("empty"))).Message;
        Assert.All((string[])["data_batch_1.bin", "train.bin", "train-images-idx3-ubyte", "train/CLASS/*.jpg"], word => Assert.Contains(word, refusal));
        Assert.Contains("is no tar archive", Assert.Throws<DataFileException>(() => Open(_folder.Write("a.zip", "PK"))).Message);
        Assert.Contains("Only these are read from archives", Assert.Throws<DataFileException>(() => Open(_folder.Write("a.tar.gz", CifarFiles.Archive([new("photo.jpg", [1])])))).Message);
    }

    public static TheoryData<string, string> Misfits => new() { { "resize", "--resize" }, { "split", "--split-file" }, { "hold", "--hold-out" }, { "labels", "--labels" }, { "size", "40x40" } };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void AnOptionThatDoesNotFitTheDataIsRefused(string option, string word)
    {
        var folder = CifarFiles.Write(_folder, "ten", CifarFiles.Ten());
        var refusal = Assert.ThrowsAny<ArgumentException>(() => Open(folder, request => option switch
        {
            "resize" => request with { Folder = new() { Sizing = new() { Resize = 40 } } },
            "split" => request with { Folder = new() { SplitFile = "x" } },
            "hold" => request with { Folder = new() { HeldOut = new(0.2, 1) } },
            "labels" => request with { Labels = CifarLabels.Fine },
            _ => request with { Folder = new() { Sizing = new() { Given = 40 } } },
        }));
        Assert.Contains(word, refusal.Message);
        Assert.Contains("--labels", Assert.Throws<ArgumentException>(() => Open(TinySet.Write(_folder, "tiny"), request => request with { Labels = CifarLabels.Coarse })).Message);
        Assert.Contains("--labels", Assert.Throws<ArgumentException>(() => Open("fashion-mnist-6k", request => request with { Labels = CifarLabels.Coarse })).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static (string, int, string) Summary(LoadedData data) => (data.Source.Kind, data.Train.Count, data.Train.Name);

    private LoadedData Open(string location, Func<DataRequest, DataRequest>? with = null)
    {
        var request = new DataRequest(location) { Folder = new() { CacheFolder = _folder.File("packs") } };
        request = with?.Invoke(request) ?? request;
        return DataSets.Open(request with { Folder = request.Folder with { CacheFolder = _folder.File("packs") } }, cancellation: TestContext.Current.CancellationToken);
    }

    private string Photos()
    {
        PhotoFolder.Write(_folder, "photos");
        return _folder.File("photos");
    }
}
