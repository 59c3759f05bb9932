using System.Text.Json;
using Lacuna.Tests.Data;

namespace Lacuna.Tests.Cli;

/// <summary>The data verbs, and what --data and --forget take on the others. LACUNA_CACHE and LACUNA_DATA point into a folder of the test.</summary>
[Collection(TensorLibrary.Name)]
public sealed class DataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable("LACUNA_CACHE");
    private readonly string? _home = Environment.GetEnvironmentVariable("LACUNA_DATA");

    public DataTests()
    {
        Environment.SetEnvironmentVariable("LACUNA_CACHE", _folder.File("cache"));
        Environment.SetEnvironmentVariable("LACUNA_DATA", _folder.File("home"));
    }

    [Fact]
    public void ListNamesWhatIsKnownDownloadedAndPacked()
    {
        var said = Said.By("data", "list").Expect(0);
        Assert.Contains("fashion-mnist-6k: bundled", said.Out);
        Assert.Contains("cifar100: 'lacuna data get cifar100' downloads it, 168.5 MB", said.Out);
        Said.By("data", "pack", PhotoFolder.Write(_folder, "photos"), "--quiet").Expect(0);
        Assert.Contains($"{_folder.File("photos")}: packed, 4 training and 2 test images of 1x6x6", Said.By("data", "list").Expect(0).Out);
        var json = Said.By("data", "list", "--json").Expect(0).Json;
        Assert.Equal(["cifar10", "cifar100", "mnist", "fashion-mnist"], json.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("name").GetString()));
        Assert.Equal(4, Assert.Single(json.GetProperty("packs").EnumerateArray()).GetProperty("train_images").GetInt32());
    }

    [Fact]
    public void ListOfASetSaysWhatIsInIt()
    {
        var folder = CifarFiles.Write(_folder, "hundred", CifarFiles.Hundred());
        var said = Said.By("data", "list", folder, "--labels", "coarse").Expect(0);
        Assert.Contains("cifar20: 3 images of 3x32x32 in 20 classes and 100 sub-classes", said.Out);
        Assert.Matches(@"│ +18 │ vehicles_1 +│ +1 │ +1 │", said.Out);
        var part = Said.By("data", "list", folder, "--json").Expect(0).Json.GetProperty("parts")[0];
        Assert.Equal(1, part.GetProperty("images_per_class")[70].GetInt32());
        Assert.Equal(3, part.GetProperty("mean").GetArrayLength());
        // Image i has the channels' bytes 7 i + 50 c + row; over three images and 32 rows their mean is 7 + 50 c + 15.5.
        Assert.Equal((7 + 100 + 15.5) / 255, part.GetProperty("mean")[2].GetDouble(), 1e-12);
        Assert.Matches("^[0-9a-f]{64}$", part.GetProperty("sha256").GetString()!);
    }

    [Fact]
    public void PackPacksOnceAndListsDamagedImages()
    {
        var photos = PhotoFolder.Write(_folder, "photos");
        Assert.Contains("4 training and 2 test images in ", Said.By("data", "pack", photos, "--quiet").Expect(0).Out);
        Assert.Contains("is packed already: 6 images", Said.By("data", "pack", photos, "--quiet").Expect(0).Out);
        Assert.False(Said.By("data", "pack", photos, "--again", "--json", "--quiet").Expect(0).Json.GetProperty("from_cache").GetBoolean());

        _folder.Write("photos/train/cat/bad.png", "no image");
        Said.By("data", "pack", photos, "--quiet").Refuses(1, "1 image(s) cannot be used", "train/cat/bad.png", "--skip-bad");
        Assert.Contains("left out: train/cat/bad.png: ", Said.By("data", "pack", photos, "--skip-bad", "--quiet").Expect(0).Out);
        var verified = Said.By("data", "verify", photos, "--quiet").Expect(1);
        Assert.Contains("train/cat/bad.png: ", verified.Out);
        Assert.Contains("1 file(s) are wrong.", verified.Out);
        Said.By("data", "pack", "fashion-mnist-6k").Refuses(2, "needs no packing");
    }

    [Fact]
    public void VerifyReadsEverythingAgain()
    {
        Assert.Contains("Nothing is wrong.", Said.By("data", "verify", "fashion-mnist-6k").Expect(0).Out);
        var photos = PhotoFolder.Write(_folder, "photos");
        Said.By("data", "verify", photos, "--quiet").Expect(0);
        var pack = Assert.Single(Directory.GetFiles(_folder.File("cache"), "*.pack", SearchOption.AllDirectories));
        var bytes = File.ReadAllBytes(pack);
        var at = bytes.AsSpan().IndexOf((byte[])[40, 41, 42, 43, 44, 45]);
        bytes[at]++;
        File.WriteAllBytes(pack, bytes);
        Said.By("data", "verify", photos, "--quiet").Refuses(1, pack, "are not those that were packed");
        Said.By("data", "verify", photos, "--skip-bad").Refuses(2, "leave --skip-bad out");
    }

    [Fact]
    public void ADownloadIsHeldAgainstItsRecord()
    {
        var home = CifarFiles.Write(_folder, "home/cifar100", CifarFiles.Hundred());
        var record = new { set = "cifar100", from = new[] { "x" }, files = new[] { new { name = "train.bin", bytes = 1, sha256 = new string('0', 64) }, new { name = "gone.bin", bytes = 1, sha256 = "" } } };
        _folder.Write("home/cifar100/download.json", JsonSerializer.Serialize(record));
        var said = Said.By("data", "verify", "cifar100", "--json").Expect(1).Json.GetProperty("wrong");
        Assert.Contains($"{Path.Combine(home, "train.bin")}: has the SHA-256", said[0].GetString());
        Assert.Contains("gone.bin: is missing", said[1].GetString());
    }

    [Fact]
    public void GetSaysWhichFileToPutWhere()
    {
        Said.By("data", "get", "mnist", "--from", "http://127.0.0.1:9", "--quiet").Refuses(1, "http://127.0.0.1:9/train-images-idx3-ubyte.gz cannot be had", "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz", Path.Combine(_folder.File("home"), "mnist", "train-images-idx3-ubyte.gz"));
        using var server = new FileServer((_, _) => new("200 OK", "<html>"u8.ToArray(), "Content-Type: text/html\r\n"));
        Said.By("data", "get", "cifar10", "--from", server.Address, "--quiet").Refuses(1, "a web page", "cifar-10-binary.tar.gz", "checked and unpacked");
        Said.By("data", "get", "cifar10", "--from", _folder.Path).Refuses(1, "cifar-10-binary.tar.gz is not there");
        Said.By("data", "get", "cifar10", "--from", "nowhere").Refuses(2, "neither a folder nor an address");
        Said.By("data", "get", "imagenet").Refuses(2, "'imagenet' is no set that can be downloaded", "cifar10, cifar100, mnist, fashion-mnist, cifar20");
        Said.By("train", "--data", "mnist", "--out", _folder.File("run")).Refuses(1, "lacuna data get mnist");
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData("", 6000)]
    [InlineData("--forget random:2/class", 20)]
    [InlineData("--forget class:bag,dress --classes 3", 600)]
    [InlineData("--test --forget class:bag", 200)]
    [InlineData("--classes bag,Trouser", 1200)]
    public void ShowWritesAPicture(string options, int chosen)
    {
        var file = _folder.File("sheet.png");
        var said = Said.By(["data", "show", "fashion-mnist-6k", "--out", file, "--images", "3", "--json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(0);

        Assert.Equal(chosen, said.Json.GetProperty("chosen").GetInt32());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]);
    }

    [Fact]
    public void ShowRefusesWhatCannotBeShown()
    {
        var file = _folder.File("sheet.png");
        Said.By("data", "show", "fashion-mnist-6k", "--out", file, "--classes", "cat").Refuses(2, "no class 'cat'");
        Said.By("data", "show", "fashion-mnist-6k", "--out", file, "--forget", "bag").Refuses(2, "names no forget set");
        Said.By("data", "show", "fashion-mnist-6k", "--out", file, "--forget", "class:bag", "--classes", "0").Refuses(2, "no such image");
        Said.By("data", "show", "fashion-mnist-6k", "--out", file, "--test", "--forget", "random:3").Refuses(2, "leave --test out");
        Said.By("data", "show", "fashion-mnist-6k", "--out", file, "--images", "0").Refuses(2, "--images is 0");
        Said.By("data", "show", "fashion-mnist-6k", "--out", _folder.File("none/sheet.png")).Refuses(1, "none");
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("data", "No verb selected")]
    [InlineData("data fetch", "'fetch' is not recognized")]
    [InlineData("data pack", "DATA is missing")]
    [InlineData("data show fashion-mnist-6k", "'out' is missing", "'lacuna data show --help'")]
    [InlineData("data list nowhere", "'nowhere' is no data")]
    [InlineData("data list fashion-mnist-6k --labels coarse", "--labels")]
    [InlineData("data list fashion-mnist-6k --labels rough", "Option 'labels'")]
    [InlineData("data list fashion-mnist-6k --hold-out 20", "share to hold out is '20'", "20%")]
    [InlineData("data list fashion-mnist-6k --hold-out 20%", "--hold-out is for folders of images")]
    [InlineData("data list fashion-mnist-6k --resize 0", "0")]
    public void MistakesAreSaid(string line, params string[] words)
    {
        var said = Said.By(line.Split(' ')).Expect(2);
        Assert.Equal("", said.Out);
        Assert.All(words, word => Assert.Contains(word, said.Error));
    }

    [Fact]
    public void ANetworkIsTrainedOnPhotosAndForgetsAPerson()
    {
        var photos = PhotoFolder.Write(_folder, "photos");
        Said.By("train", "--data", photos, "--resize", "8", "--out", _folder.File("run"), "--epochs", "1", "--batch", "2", "--quiet").Expect(0);
        var config = JsonDocument.Parse(File.ReadAllText(_folder.File("run/config.json"))).RootElement;
        var source = config.GetProperty("data_source");
        Assert.Equal((photos, "images", 8), (source.GetProperty("location").GetString(), source.GetProperty("kind").GetString(), source.GetProperty("resize").GetInt32()));
        Assert.Equal(config.GetProperty("data_hash").GetString(), source.GetProperty("train").GetProperty("sha256").GetString());

        var forgotten = Said.By("unlearn", "fine-tune", "--data", photos, "--resize", "8", "--checkpoint", _folder.File("run/model.safetensors"), "--forget", $"csv:{photos}/people.csv:person=17",
            "--epochs", "1", "--batch", "2", "--out", _folder.File("forgotten"), "--json", "--quiet").Expect(0).Json;
        Assert.Equal(2, forgotten.GetProperty("forget_count").GetInt32());
        Assert.Equal($"csv:{photos}/people.csv:person=17", forgotten.GetProperty("forget").GetString());
        Said.By("evaluate", "--data", photos, "--resize", "8", "--checkpoint", _folder.File("forgotten/fine-tune.safetensors"), "--split", _folder.File("forgotten")).Expect(0);
        Said.By("evaluate", "--data", photos, "--resize", "8", "--checkpoint", _folder.File("forgotten/fine-tune.safetensors"), "--forget", $"csv:{photos}/people.csv:person=99").Refuses(1, "people.csv", "nowhere has the value '99'");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("LACUNA_CACHE", _cache);
        Environment.SetEnvironmentVariable("LACUNA_DATA", _home);
        _folder.Dispose();
    }
}
