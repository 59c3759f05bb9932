using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

/// <summary>Forget sets by file name: lists, and columns of a CSV file.</summary>
public sealed class ForgetByNameTests : IDisposable
{
    private static readonly DrawSource Draws = new(7);

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _train = Make("faces", "train/a/1.jpg", "train/a/2.jpg", "train/b/1.jpg", "train/b/3 x.jpg", "train/b/n,m.jpg", "4.jpg", "train/c/4.jpg");
    private readonly ImageSet _test = Make("faces-test", "test/a/9.jpg", "test/b/8.jpg");

    [Theory]
    [InlineData("train/a/1.jpg\ntrain/b/1.jpg", 0, 2)]
    [InlineData("# chosen\n\n b/1.jpg \r\n2.jpg", 1, 2)]
    [InlineData("./train/a/2.jpg\n/home/me/faces/train/b/3 x.jpg", 1, 3)]
    [InlineData("train\\b\\n,m.jpg", 4)]
    [InlineData("4.jpg", 5)]
    [InlineData("c/4.jpg", 6)]
    public void AListNamesFilesByPathOrByUniqueName(string list, params int[] images) =>
        Assert.Equal(images, Split("files:" + _folder.Write("list.txt", list)).Forget.ToArray());

    [Fact]
    public void EveryNameThatFitsNoSingleImageIsListed()
    {
        var path = _folder.Write("list.txt", "1.jpg\nnone.jpg\n2.jpg\na/9.jpg\nx/train/b/2.jpg\n");
        var refusal = Assert.Throws<DataFileException>(() => Split("files:" + path)).Message;

        Assert.StartsWith($"{path}: 4 of its names", refusal);
        Assert.Contains("line 1: 1.jpg (fits 2 images, for example train/a/1.jpg and train/b/1.jpg)", refusal);
        Assert.Contains("line 2: none.jpg (no image of this name)", refusal);
        Assert.Contains("line 4: a/9.jpg (a test image)", refusal);
        Assert.Contains("line 5: x/train/b/2.jpg (no image", refusal);

        Assert.Contains("line 2: a/2.jpg is the image of line 1 again", Assert.Throws<DataFileException>(() => Split("files:" + _folder.Write("list.txt", "2.jpg\na/2.jpg\n"))).Message);
        Assert.Contains("none.txt: cannot be read", Assert.Throws<DataFileException>(() => Split($"files:{_folder.File("none.txt")}")).Message);
        var plain = new ImageSet("plain", new byte[2], [0, 1], 1, 1, 1, ["a", "b"]);
        Assert.Contains("have no files of their own", Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse("files:" + path).Split(plain, Draws)).Message);
    }

    // Quotation marks, doubled ones, line ends inside cells, delimiters: RFC 4180, sections 2.5 to 2.7.
    [Theory]
    [InlineData("file,person\ntrain/a/1.jpg,17\n2.jpg,23\ntrain/b/1.jpg,17\n", "person=17", 0, 2)]
    [InlineData("file,person\r\ntrain/a/1.jpg,17\r\n2.jpg,23\r\ntrain/b/1.jpg,5\r\n", "person=17,23", 0, 1)]
    [InlineData("person,Image\n\"O'Brien, \"\"Mo\"\"\",2.jpg\nEve,\"3 x.jpg\"\n", "person=\"O'Brien, \"\"Mo\"\"\"", 1)]
    [InlineData("path,note\n\"train/b/n,m.jpg\",\"two\nlines\"\n2.jpg,\"two\"\n", "note=two", 1)]
    [InlineData("path,the note\n\"train/b/n,m.jpg\",x y\n2.jpg,two\n", "the note=x y", 4)]
    [InlineData("filename;person\n2.jpg;17\n3 x.jpg;18\n", "person=17", 1)]
    [InlineData("image_id\tperson\n2.jpg\t17\n", "PERSON=17", 1)]
    [InlineData("\ufefffile,person\n2.jpg,a=b\n", "person=a=b", 1)]
    [InlineData("file,person\n2.jpg, 17 \n", "person=17", 1)]
    [InlineData("file,person\n2.jpg,17\na/9.jpg,17\n", "person=17", 1)]
    [InlineData("photo,file,person\n2.jpg,1.jpg,17\n", "photo:person=17", 1)]
    [InlineData("file,person\n2.jpg,17\n2.jpg,17\n", "person=17", 1)]
    public void RowsWithAValueAreForgotten(string csv, string query, params int[] images)
    {
        var split = Split($"csv:{_folder.Write("people.csv", csv)}:{query}");

        Assert.Equal(images, split.Forget.ToArray());
        Assert.Empty(split.DivideTest(_test).Forget);
    }

    [Theory]
    [InlineData("file,person\n2.jpg,17\n", "age=3", "no column 'age'. It has file, person")]
    [InlineData("file,person\n2.jpg,17\n", "person=3", "nowhere has the value '3'. It has 17")]
    [InlineData("file,person\n2.jpg,17\n", "person=17,18,19", "the value '18' or '19'")]
    [InlineData("name,person\n2.jpg,17\n", "person=17", "none of the columns file, path, filename", "csv:FILE:FILECOLUMN:COLUMN=VALUE")]
    [InlineData("file,person\n2.jpg,17\n1.jpg,17\ngone.jpg,17\n", "person=17", "2 of the chosen rows", "line 3: 1.jpg (fits 2 images", "line 4: gone.jpg (no image")]
    [InlineData("file,person\n2.jpg,17,5\n", "person=17", "line 2: 3 cells where the first line names 2 columns")]
    [InlineData("file,person\n2.jpg,\"17\n", "person=17", "line 2")]
    [InlineData("file,person\n2.jpg,1\"7\n", "person=17", "line 2: a quotation mark")]
    [InlineData("", "person=17", "is empty")]
    public void ATableThatCannotBeUsedSaysWhy(string csv, string query, params string[] words)
    {
        var path = _folder.Write("people.csv", csv);
        var refusal = Assert.Throws<DataFileException>(() => Split($"csv:{path}:{query}"));

        Assert.StartsWith(path, refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message));
    }

    [Fact]
    public void ATableThatIsMissingIsNamed() => Assert.Contains("cannot be read", Assert.Throws<DataFileException>(() => Split($"csv:{_folder.File("none.csv")}:person=1")).Message);

    public void Dispose() => _folder.Dispose();

    private static ImageSet Make(string name, params string[] files) =>
        new(name, new ArrayPixels(new byte[files.Length]), new int[files.Length], 1, 1, 1, ["x"], new ImageDetails { Files = files, Folder = "faces" });

    private ForgetSplit Split(string words) => ForgetSetSpec.Parse(words).Split(_train, Draws, _test);
}
