using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

public sealed class ForgetSetTests : IDisposable
{
    private static readonly DrawSource Draws = new(7);

    private readonly TemporaryFolder _folder = new();

    // 200 images of 10 classes, label i mod 10.
    private readonly ImageSet _train = new(
        "tiny", new byte[200], [.. Enumerable.Range(0, 200).Select(i => i % 10)], 1, 1, 1, ClassNames.FashionMnist);

    [Theory]
    [InlineData("class:1")]
    [InlineData("class:Trouser")]
    [InlineData("CLASS: trouser ")]
    public void AClassIsForgottenWhole(string words)
    {
        ForgetSplit split = ForgetSetSpec.Parse(words).Split(_train, Draws);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => 10 * i + 1), split.Forget.ToArray());
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 10 != 1), split.Retain.ToArray());
        Assert.Equal([1], split.Whole.Classes);
        (int[] forget, int[] retain) = split.DivideTest(_train.Select([0, 1, 2, 11]));
        Assert.Equal([1, 3], forget);
        Assert.Equal([0, 2], retain);
    }

    [Theory]
    [InlineData("random:10%", 20)]
    [InlineData("random:0.75%", 2)]
    [InlineData("random:16", 16)]
    [InlineData("random:199", 199)]
    public void ARandomPartIsAFunctionOfTheSeed(string words, int count)
    {
        ForgetSplit split = ForgetSetSpec.Parse(words).Split(_train, Draws);

        Assert.Equal(Draws.Choose(count, 200, DrawPurpose.ForgetSet, 0), split.Forget.ToArray());
        Assert.Equal(200 - count, split.Retain.Length);
        Assert.Empty(split.Forget.ToArray().Intersect(split.Retain.ToArray()));
        Assert.True(split.Whole.IsNone);
        Assert.Equal(4, split.DivideTest(_train.Select([0, 1, 2, 11])).Retain.Length);
        Assert.NotEqual(split.Forget.ToArray(), ForgetSetSpec.Parse(words).Split(_train, new DrawSource(8)).Forget.ToArray());
    }

    [Fact]
    public void AnIndexListIsTakenAsItStands()
    {
        string path = _folder.Write("list.txt", "# mine\n7\n\n 3 # why\r\n199\n");

        ForgetSplit split = ForgetSetSpec.Parse($"indices:{path}").Split(_train, Draws);

        Assert.Equal([3, 7, 199], split.Forget.ToArray());
    }

    [Theory]
    [InlineData("1\n2\n200\n", "line 3", "'200'")]
    [InlineData("1\n-2\n", "line 2", "'-2'")]
    [InlineData("1\ntwo\n", "line 2", "'two'")]
    [InlineData("1.0\n", "line 1", "'1.0'")]
    [InlineData("99999999999\n", "line 1", "'99999999999'")]
    [InlineData("5\n# note\n6\n5\n", "line 4", "already on line 1")]
    public void AWrongLineIsRefusedWithItsNumber(string list, string line, string word)
    {
        string path = _folder.Write("list.txt", list);

        var refusal = Assert.Throws<DataFileException>(() => ForgetSetSpec.Parse($"indices:{path}").Split(_train, Draws));

        Assert.StartsWith(path, refusal.Message);
        Assert.Contains(line, refusal.Message);
        Assert.Contains(word, refusal.Message);
    }

    [Fact]
    public void AMissingListIsNamed() =>
        Assert.Contains("none.txt", Assert.Throws<DataFileException>(() => ForgetSetSpec.Parse($"indices:{_folder.File("none.txt")}").Split(_train, Draws)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("trouser")]
    [InlineData("class:")]
    [InlineData("klass:3")]
    [InlineData("random:")]
    [InlineData("random:ten")]
    [InlineData("random:-3")]
    [InlineData("random:-3%")]
    [InlineData("random:1e1%")]
    [InlineData("random:%")]
    [InlineData("random:99999999999")]
    [InlineData("indices:")]
    public void WordsWithoutMeaningAreRefusedWithTheAllowedForms(string words)
    {
        var refusal = Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse(words));

        Assert.Contains($"'{words}'", refusal.Message);
        Assert.Contains("random:10%", refusal.Message);
        Assert.Contains("indices:FILE", refusal.Message);
    }

    [Theory]
    [InlineData("class:10")]
    [InlineData("class:-1")]
    [InlineData("class:hat")]
    public void AnUnknownClassIsRefusedWithTheKnown(string words)
    {
        var refusal = Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse(words).Split(_train, Draws));

        Assert.Contains("1 Trouser", refusal.Message);
    }

    [Theory]
    [InlineData("random:0", "none")]
    [InlineData("random:0.1%", "none")]
    [InlineData("random:200", "all")]
    [InlineData("random:5000", "all")]
    [InlineData("random:100%", "all")]
    [InlineData("random:250%", "all")]
    public void NothingAndEverythingAreRefused(string words, string word)
    {
        var refusal = Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse(words).Split(_train, Draws));

        Assert.Contains($"takes {word} of the 200 images", refusal.Message);
    }

    [Fact]
    public void AnEmptyListAndAClassWithoutImagesAreRefused()
    {
        string path = _folder.Write("list.txt", "# nothing\n");

        Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse($"indices:{path}").Split(_train, Draws));
        Assert.Throws<ForgetSetException>(() => ForgetSetSpec.Parse("class:5").Split(_train.Select([0, 1]), Draws));
    }

    [Theory]
    [InlineData("class:Bag")]
    [InlineData("random:2.5%")]
    [InlineData("random:16")]
    [InlineData("indices:a/b:c.txt")]
    public void ASpecificationIsWrittenAsItIsRead(string words) => Assert.Equal(words, ForgetSetSpec.Parse(words).ToString());

    [Theory]
    [InlineData("class:3")]
    [InlineData("random:16")]
    public void ASavedSplitIsLoadedWhole(string words)
    {
        ForgetSplit saved = ForgetSetSpec.Parse(words).Split(_train, new DrawSource(ulong.MaxValue));
        saved.Save(_folder.File("split"));

        ForgetSplit loaded = ForgetSplit.Load(_folder.File("split"));

        Assert.Equal(saved.Forget.ToArray(), loaded.Forget.ToArray());
        Assert.Equal(saved.Retain.ToArray(), loaded.Retain.ToArray());
        Assert.Equal(
            (saved.Spec, saved.Seed, saved.SetName, saved.SetHash, saved.Count),
            (loaded.Spec, loaded.Seed, loaded.SetName, loaded.SetHash, loaded.Count));
        Assert.Equal(saved.Whole.Classes, loaded.Whole.Classes);
        Assert.Equal(saved.Whole.SubClasses, loaded.Whole.SubClasses);
        Assert.Equal(["forget.txt", "retain.txt", "split.json"], Directory.GetFiles(_folder.File("split")).Select(Path.GetFileName).Order());
        loaded.CheckBelongsTo(_train);
        Assert.Throws<ForgetSetException>(() => loaded.CheckBelongsTo(_train.Select([1, 2])));
        var edited = new ForgetSplit(saved.Spec, saved.Seed, saved.SetName, "abc", saved.Count, saved.Forget.ToArray(), saved.Whole);
        Assert.Contains("(abc)", Assert.Throws<ForgetSetException>(() => edited.CheckBelongsTo(_train)).Message);
        // The list is itself a forget set's.
        Assert.Equal(saved.Forget.ToArray(), ForgetSetSpec.Parse($"indices:{_folder.File("split/forget.txt")}").Split(_train, Draws).Forget.ToArray());
    }

    [Theory]
    [InlineData("forget.txt", "1\n", "has 1 indices where split.json says 16")]
    [InlineData("forget.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n", "not the rest")]
    [InlineData("split.json", "{", "not the record of a split")]
    [InlineData("split.json", "null", "does not say")]
    [InlineData("split.json", "{\"spec\":\"x\"}", "not the record of a split")]
    [InlineData("split.json", null, "cannot be read")]
    [InlineData("retain.txt", null, "cannot be read")]
    public void ADamagedSplitIsRefused(string name, string? content, string word)
    {
        ForgetSetSpec.Parse("random:16").Split(_train, Draws).Save(_folder.Path);
        if (content is null)
        {
            File.Delete(_folder.File(name));
        }
        else
        {
            _folder.Write(name, content);
        }

        var refusal = Assert.Throws<DataFileException>(() => ForgetSplit.Load(_folder.Path));

        Assert.Contains(word, refusal.Message);
    }

    public void Dispose() => _folder.Dispose();
}
