using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

/// <summary>Forget sets of several classes, of sub-classes, and at random per class or within a class.</summary>
public sealed class ForgetFormsTests : IDisposable
{
    private static readonly DrawSource Draws = new(7);
    private static readonly string[] Names = ["cat", "dog", "cat, wild", "7", "bird"];

    // 100 images, label i mod 5, sub-class i mod 20.
    private readonly ImageSet _train = Make(100);
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("class:0,4", 0, 4)]
    [InlineData("class:bird, CAT", 0, 4)]
    [InlineData("class:cat,cat,0", 0)]
    [InlineData("class:cat, wild", 2)]
    [InlineData("class:\"cat, wild\",dog", 1, 2)]
    [InlineData("class:7", 3)]
    public void SeveralClassesAreForgottenWhole(string words, params int[] classes)
    {
        var split = Split(words);

        Assert.Equal(Where(i => classes.Contains(i % 5)), split.Forget.ToArray());
        Assert.Equal(classes, split.Whole.Classes);
        Assert.Equal(Where(i => classes.Contains(i % 5)), split.DivideTest(_train).Forget);
        Assert.Equal(100, split.DivideTest(_train).Forget.Length + split.DivideTest(_train).Retain.Length);
    }

    [Theory]
    [InlineData("subclass:s3", 3)]
    [InlineData("subclass:3,19", 3, 19)]
    [InlineData("SUBCLASS:S3,s4", 3, 4)]
    public void SubClassesAreForgottenWhole(string words, params int[] wanted)
    {
        var split = Split(words);

        Assert.Equal(Where(i => wanted.Contains(i % 20)), split.Forget.ToArray());
        Assert.Empty(split.Whole.Classes);
        Assert.Equal(wanted, split.Whole.SubClasses);
        Assert.Equal([.. wanted.Where(s => s < 10)], split.DivideTest(Make(10)).Forget);
    }

    [Fact]
    public void SubClassesNeedASetThatHasThem()
    {
        var plain = new ImageSet("plain", new byte[10], [.. Enumerable.Range(0, 10).Select(i => i % 5)], 1, 1, 1, Names);
        Assert.Contains("--labels coarse", Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse("subclass:s3").Split(plain, Draws)).Message);
        Assert.Contains("plain has no sub-classes", Assert.Throws<ForgetSetException>(() => Split("subclass:s3").DivideTest(plain)).Message);
        Assert.Contains("no sub-class 'rose'. Its sub-classes are 0 s0,", Assert.Throws<ForgetSetException>(() => Split("subclass:rose")).Message);
        Assert.Contains("no class 'cow'. Its classes are 0 cat,", Assert.Throws<ForgetSetException>(() => Split("class:cat,cow")).Message);
        Assert.Contains("no class ''", Assert.Throws<ForgetSetException>(() => Split("class:cat,")).Message);
    }

    [Theory]
    [InlineData("random:3/class", 3, 3, 3, 3, 3)]
    [InlineData("random:10%/class", 2, 2, 2, 2, 2)]
    [InlineData("random:12.5%/CLASS", 3, 3, 3, 3, 3)]
    [InlineData("random:3@class:1", 0, 3, 0, 0, 0)]
    [InlineData("random:50%@class:dog", 0, 10, 0, 0, 0)]
    [InlineData("random:4/class@class:0,2", 4, 0, 4, 0, 0)]
    [InlineData("random:100%@subclass:s6", 0, 5, 0, 0, 0)]
    public void AtRandomPerClassAndWithinOne(string words, params int[] perClass)
    {
        var split = Split(words);
        var counts = new int[5];
        foreach (var i in split.Forget) counts[i % 5]++;

        Assert.Equal(perClass, counts);
        Assert.True(split.Whole.IsNone);
        Assert.Equal(split.Forget.ToArray(), Split(words).Forget.ToArray());
        Assert.Empty(split.DivideTest(_train).Forget);
    }

    /// <summary>A smaller amount is a part of a larger one, and one class's choice does not hang on the others.</summary>
    [Fact]
    public void ChoicesNest()
    {
        for (var seed = 0UL; seed < 30; seed++)
        {
            int[] Of(ulong count, string within = "") => ForgetSetSpec.Parse($"random:{count}/class{within}").Split(_train, new DrawSource(seed)).Forget.ToArray();
            var (small, large) = (1 + seed % 9, 10 + seed % 9);
            Assert.Empty(Of(small).Except(Of(large)));
            Assert.Equal(Of(small).Where(i => i % 5 == 2), Of(small, "@class:2"));
        }
    }

    [Theory]
    [InlineData("class:cat,dog")]
    [InlineData("subclass:rose")]
    [InlineData("random:16/class")]
    [InlineData("random:2.5%/class@class:3,5")]
    [InlineData("random:16@subclass:rose")]
    [InlineData("files:a/b:c.txt")]
    [InlineData("csv:a/b.csv:person=17,23")]
    public void ASpecificationIsWrittenAsItIsRead(string words) => Assert.Equal(words, ForgetSetSpec.Parse(words).ToString());

    [Theory]
    [InlineData("random:3/klass")]
    [InlineData("random:/class")]
    [InlineData("random:3@klass:1")]
    [InlineData("random:3@")]
    [InlineData("csv:a.csv")]
    [InlineData("csv:a.csv:person")]
    [InlineData("csv:a.csv:person=")]
    [InlineData("csv:person=3")]
    [InlineData("csv:a.csv:=3")]
    [InlineData("files:")]
    [InlineData("subclass:")]
    public void WordsWithoutMeaningAreRefused(string words) =>
        Assert.Contains("names no forget set. Use class:3, class:NAME", Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse(words)).Message);

    [Fact]
    public void ASplitOfSeveralClassesIsSavedAndAnOldOneLoaded()
    {
        foreach (var words in (string[])["class:1,3", "subclass:s2"])
        {
            var saved = Split(words);
            saved.Save(_folder.Path);
            var loaded = ForgetSplit.Load(_folder.Path);
            Assert.Equal(saved.Whole.Classes, loaded.Whole.Classes);
            Assert.Equal(saved.Whole.SubClasses, loaded.Whole.SubClasses);
        }
        Split("class:1").Save(_folder.Path);
        // As 0.1 wrote it.
        var record = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(_folder.File("split.json")))!.AsObject();
        record.Remove("classes");
        record.Remove("subClasses");
        foreach (var (value, classes) in new[] { ("1", new[] { 1 }), ("null", []) })
        {
            record["class"] = System.Text.Json.Nodes.JsonNode.Parse(value);
            _folder.Write("split.json", record.ToJsonString());
            Assert.Equal(classes, ForgetSplit.Load(_folder.Path).Whole.Classes);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static int[] Where(Func<int, bool> chosen) => [.. Enumerable.Range(0, 100).Where(chosen)];

    private static ImageSet Make(int count) => new("tiny", new ArrayPixels(new byte[count]), [.. Enumerable.Range(0, count).Select(i => i % 5)], 1, 1, 1, Names,
        new ImageDetails { SubLabels = [.. Enumerable.Range(0, count).Select(i => i % 20)], SubNames = [.. Enumerable.Range(0, 20).Select(i => $"s{i}")] });

    private ForgetSplit Split(string words) => ForgetSetSpec.Parse(words).Split(_train, Draws);
}
