using System.Security.Cryptography;
using Lacuna.Data;
using Lacuna.Data.Downloads;

namespace Lacuna.Tests.Data;

/// <summary>Downloads against servers that serve ranges, ignore them, break off, hang, and serve something else.</summary>
public sealed class DownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = new byte[300_000];
    private readonly HttpClient _client = FileDownload.NewClient();

    public DownloadTests() => new Random(1).NextBytes(_content);

    private string Target => _folder.File("a.bin");

    private string Part => _folder.File("a.bin.part");

    [Fact]
    public async Task AFileIsDownloadedAndChecked()
    {
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from));
        await Get(server);

        Assert.Equal(_content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task ABrokenConnectionIsTakenUpWhereItBroke()
    {
        var cuts = new Queue<int?>([70_000, 65_536, null]);
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from) with { CutAfter = cuts.Dequeue() });
        await Get(server);

        Assert.Equal(_content, File.ReadAllBytes(Target));
        // The system may lose the end of what was sent before a connection breaks, but nothing is asked for twice that came.
        Assert.Equal(3, server.Asked.Count);
        Assert.Null(server.Asked[0]);
        Assert.InRange(server.Asked[1]!.Value, 1, 70_000);
        Assert.InRange(server.Asked[2]!.Value, server.Asked[1]!.Value + 1, 140_000);
    }

    [Fact]
    public async Task AnEarlierTryIsContinued()
    {
        _folder.Write("a.bin.part", _content[..123_456]);
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from));
        await Get(server);

        Assert.Equal([123_456], server.Asked);
        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task AWholeEarlierTryNeedsNoServer()
    {
        _folder.Write("a.bin.part", _content);
        await Get("http://127.0.0.1:9/a.bin");

        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task AServerWithoutRangesBeginsAnew()
    {
        _folder.Write("a.bin.part", [.. Enumerable.Repeat((byte)1, 1000)]);
        using var server = new FileServer((_, _) => new("200 OK", _content));
        await Get(server);

        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task ARedirectIsFollowed()
    {
        using var server = new FileServer((path, from) => path == "/a.bin" ? new("302 Found", [], "Location: /elsewhere\r\n") : FileServer.Ranges(_content, from));
        await Get(server);

        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task AnotherContentIsDeletedAndNamed()
    {
        var other = (byte[])_content.Clone();
        other[77]++;
        using var server = new FileServer((_, from) => FileServer.Ranges(other, from));
        var refusal = await Refusal(server);

        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(other)), refusal);
        Assert.Contains("not the published a.bin", refusal);
        Assert.Contains("What came was deleted", refusal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task AStalePartOfAnotherFileIsNotedByTheHash()
    {
        _folder.Write("a.bin.part", [.. Enumerable.Repeat((byte)1, 1000)]);
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from));
        Assert.Contains("not the published", await Refusal(server));
        await Get(server);
        Assert.Equal(_content, File.ReadAllBytes(Target));
    }

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "page", "a web page" }, { "redirect to page", "a web page" }, { "missing", "404 Not Found" }, { "range", "416" }, { "shorter", "has 1000 bytes where the published a.bin has 300000" },
        { "longer", "has 300001 bytes" }, { "other range", "sends others" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task AWrongAnswerIsNamedAndLeavesWhatIsThere(string kind, string words)
    {
        _folder.Write("a.bin.part", _content[..500]);
        using var server = new FileServer((path, _) => (kind, path) switch
        {
            ("page", _) => new("200 OK", "<html>log in</html>"u8.ToArray(), "Content-Type: text/html; charset=utf-8\r\n"),
            ("redirect to page", "/a.bin") => new("302 Found", [], "Location: /login\r\n"),
            ("redirect to page", _) => new("200 OK", "<html>log in</html>"u8.ToArray(), "Content-Type: text/html\r\n"),
            ("missing", _) => new("404 Not Found", []),
            ("range", _) => new("416 Range Not Satisfiable", []),
            ("shorter", _) => new("200 OK", _content[..1000]),
            ("longer", _) => new("200 OK", [.. _content, 1]),
            _ => new("206 Partial Content", _content[900..], $"Content-Range: bytes 900-299999/300000\r\n"),
        });
        var refusal = await Refusal(server);

        Assert.Contains(words, refusal);
        Assert.Equal(_content[..500], File.ReadAllBytes(Part));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task ASilentServerIsLeftAndWhatCameStays()
    {
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from) with { CutAfter = 0, Hang = true });
        var refusal = await Refusal(server, stallMs: 200);

        Assert.Contains("sent nothing", refusal);
        Assert.Contains($"put {server.Address}/a.bin at {Target} and run this again; it is checked", refusal);
    }

    [Fact]
    public async Task WithoutANetworkItIsSaidWhichFileToPutWhere()
    {
        var refusal = (await Assert.ThrowsAsync<DownloadException>(() => Get("http://127.0.0.1:9/a.bin"))).Message;
        Assert.StartsWith("http://127.0.0.1:9/a.bin cannot be had", refusal);
        Assert.Contains($"put http://127.0.0.1:9/a.bin at {Target}", refusal);
    }

    [Fact]
    public async Task AnInterruptKeepsWhatCame()
    {
        using var interrupt = new CancellationTokenSource();
        using var server = new FileServer((_, from) => FileServer.Ranges(_content, from) with { CutAfter = 100_000, Hang = true });
        var download = new FileDownload(_client, TimeSpan.FromSeconds(30), new Watcher(() => interrupt.Cancel()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download.RunAsync(FileAt(server.Address), new(server.Address + "/a.bin"), Target, interrupt.Token));

        Assert.InRange(new FileInfo(Part).Length, 1, 100_000);
        using var whole = new FileServer((_, from) => FileServer.Ranges(_content, from));
        await Get(whole);
        Assert.True(whole.Asked.Single() > 0);
    }

    [Fact]
    public async Task ASetIsDownloadedUnpackedRecordedAndChecked()
    {
        var archive = CifarFiles.Archive(CifarFiles.Hundred(), "../cifar-100-binary/");
        using var server = new FileServer((_, from) => FileServer.Ranges(archive, from));
        var home = new DataHome(_folder.File("home"));
        var set = SetOf(archive, server.Address);
        var folder = await Download(home).RunAsync(set, null, TestContext.Current.CancellationToken);

        Assert.Equal(["download.json", "test.bin", "train.bin"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal([folder], Directory.GetFileSystemEntries(home.Path));
        Assert.Equal(3, DataSets.Open(new(folder), cancellation: TestContext.Current.CancellationToken).Train.Count);
        Assert.Empty(home.Check(set, CancellationToken.None));
        // Nothing is asked for again.
        await Download(home).RunAsync(set, null, CancellationToken.None);
        Assert.Single(server.Asked);

        File.WriteAllBytes(Path.Combine(folder, "test.bin"), [1]);
        Assert.Contains("test.bin: has the SHA-256", Assert.Single(home.Check(set, CancellationToken.None)));
        await Download(home).RunAsync(set, null, CancellationToken.None);
        Assert.Empty(home.Check(set, CancellationToken.None));
        File.WriteAllText(Path.Combine(folder, "download.json"), "{");
        Assert.Contains("no record of a download", Assert.Throws<DataFileException>(() => home.Find(set)).Message);
    }

    [Fact]
    public async Task ASetOfSeveralFilesGoesOnAtTheFirstThatIsMissing()
    {
        byte[] Content(string path) => path.EndsWith("labels", StringComparison.Ordinal) ? _content[..5000] : _content;
        var down = true;
        using var server = new FileServer((path, from) => path.EndsWith("labels", StringComparison.Ordinal) && down ? new("503 Service Unavailable", []) : FileServer.Ranges(Content(path), from));
        var files = ((string[])["images", "labels"]).Select(name => new PublicFile(name, new($"{server.Address}/{name}"), Content(name).Length, Convert.ToHexStringLower(SHA256.HashData(Content(name))))).ToArray();
        var (home, set) = (new DataHome(_folder.File("home")), new PublicSet("two", "http://home", files, []));

        Assert.Contains("503", (await Assert.ThrowsAsync<DownloadException>(() => Download(home).RunAsync(set, null, CancellationToken.None))).Message);
        Assert.Null(home.Find(set));
        down = false;
        await Download(home).RunAsync(set, null, TestContext.Current.CancellationToken);

        Assert.Equal(["images", "labels"], home.Find(set)!.Select(file => file.Name));
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task AFileThatIsPutThereOrInAFolderIsTaken()
    {
        var archive = CifarFiles.Archive(CifarFiles.Hundred());
        var set = SetOf(archive, "http://127.0.0.1:9");
        var home = new DataHome(_folder.File("home"));
        Directory.CreateDirectory(home.FolderOf(set));
        File.WriteAllBytes(Path.Combine(home.FolderOf(set), "tiny.tar.gz"), archive);
        await Download(home).RunAsync(set, null, CancellationToken.None);
        Assert.Empty(home.Check(set, CancellationToken.None));

        var second = new DataHome(_folder.File("second"));
        Directory.CreateDirectory(_folder.File("stick"));
        Assert.Contains("tiny.tar.gz is not there", (await Assert.ThrowsAsync<DownloadException>(() => Download(second).RunAsync(set, _folder.File("stick"), CancellationToken.None))).Message);
        _folder.Write("stick/tiny.tar.gz", [1, 2, 3]);
        Assert.Contains("Bring the published file", (await Assert.ThrowsAsync<DownloadException>(() => Download(second).RunAsync(set, _folder.File("stick"), CancellationToken.None))).Message);
        _folder.Write("stick/tiny.tar.gz", archive);
        await Download(second).RunAsync(set, _folder.File("stick"), CancellationToken.None);
        Assert.NotNull(second.Find(set));
        Assert.True(File.Exists(_folder.File("stick/tiny.tar.gz")));

        var third = new DataHome(_folder.File("third"));
        Assert.Contains("neither a folder nor an address", (await Assert.ThrowsAsync<ArgumentException>(() => Download(third).RunAsync(set, "ftp://x", CancellationToken.None))).Message);
        Directory.CreateDirectory(third.FolderOf(set));
        File.WriteAllBytes(Path.Combine(third.FolderOf(set), "tiny.tar.gz"), [1]);
        Assert.Contains("Delete it and run this again", (await Assert.ThrowsAsync<DownloadException>(() => Download(third).RunAsync(set, null, CancellationToken.None))).Message);
    }

    [Fact]
    public void EveryPublicSetIsComplete()
    {
        foreach (var file in PublicSets.All.SelectMany(set => set.Files))
        {
            Assert.Matches("^[0-9a-f]{64}$", file.Sha256);
            Assert.EndsWith("/" + file.Name, file.Address.ToString());
            Assert.True(file.Bytes > 4000);
        }
        Assert.Equal(PublicSets.All.Sum(set => set.Files.Count), PublicSets.All.SelectMany(set => set.Files).Select(file => file.Sha256).Distinct().Count());
        Assert.Same(PublicSets.Find("cifar100"), PublicSets.Find("cifar20"));
        Assert.Null(PublicSets.Find("imagenet"));
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private static PublicSet SetOf(byte[] archive, string address) =>
        new("tiny", "http://home", [new("tiny.tar.gz", new(address + "/tiny.tar.gz"), archive.Length, Convert.ToHexStringLower(SHA256.HashData(archive)))], ["train.bin", "test.bin"]);

    private PublicFile FileAt(string address) => new("a.bin", new(address + "/a.bin"), _content.Length, Convert.ToHexStringLower(SHA256.HashData(_content)));

    private SetDownload Download(DataHome home) => new(new FileDownload(_client, TimeSpan.FromSeconds(30), new Watcher(() => { })), home);

    private Task Get(FileServer server) => Get(server.Address + "/a.bin");

    private Task Get(string address, int stallMs = 30_000) =>
        new FileDownload(_client, TimeSpan.FromMilliseconds(stallMs), new Watcher(() => { })).RunAsync(FileAt(address[..^"/a.bin".Length]), new(address), Target, TestContext.Current.CancellationToken);

    private async Task<string> Refusal(FileServer server, int stallMs = 30_000) =>
        (await Assert.ThrowsAsync<DownloadException>(() => Get(server.Address + "/a.bin", stallMs))).Message;

    private sealed class Watcher(Action seen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => seen();
    }
}
