using Lacuna.Data;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Runs;

namespace Lacuna.Tests.Runs.Experiments;

/// <summary>Networks are found by everything that they depend on, and only whole ones.</summary>
[Collection(TensorLibrary.Name)]
public sealed class NetworkCacheTests : IDisposable
{
    private static readonly ModelOptions Shape = new(3, 1, TinySet.Side, TinySet.Side, Normalisation.FashionMnist);

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _set = TinySet.Make(12);
    private readonly NetworkCache _cache;
    private readonly TrainingWork _work;

    public NetworkCacheTests()
    {
        _cache = new NetworkCache(_folder.File("networks"));
        _work = TrainingWork.Of(_set, [0, 2, 3], "cnn-s", Shape, new(), 7);
    }

    [Fact]
    public void WhatIsStoredIsFoundWeightByWeight()
    {
        Assert.Null(_cache.Find(_work));
        using var model = Store(seed: 1);
        var found = _cache.Find(_work)!;
        using (found.Model) Assert.Equal(State(model), State(found.Model));
        Assert.Equal((1.5, "0.25 0.125"), (found.Seconds, string.Join(' ', found.Losses.Select(l => l.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
    }

    [Fact]
    public void EveryFieldOfTheKeyMissesWhenItChanges()
    {
        using var model = Store(seed: 1);
        TrainingWork[] others =
        [
            _work with { Data = _work.Data.Replace(_work.Data[0], 'x') }, _work with { Height = 7 }, _work with { Width = 7 }, TrainingWork.Of(_set, [0, 2, 4], "cnn-s", Shape, new(), 7),
            _work with { Images = 4 }, _work with { Architecture = "resnet20" }, _work with { Model = Shape with { Classes = 4 } }, _work with { Model = Shape with { Normalisation = new([0.5f], [0.5f]) } },
            _work with { Recipe = new TrainingOptions { Epochs = 7 } }, _work with { Recipe = new TrainingOptions { Augmentation = new(0, true) } }, _work with { Seed = 8 },
            _work with { Code = _work.Code with { Lacuna = "other" } }, _work with { Code = _work.Code with { Build = "other" } },
        ];
        Assert.All(others, other => Assert.Null(_cache.Find(other)));
        Assert.Equal(others.Length, others.Select(other => other.Key()).Distinct().Count());
        // A field more in the record needs a case here.
        Assert.Equal(10, typeof(TrainingWork).GetProperties().Length);
        using var again = _cache.Find(_work)!.Model;
    }

    [Theory]
    [InlineData("*.safetensors")]
    [InlineData("*.json")]
    public void ADamagedFileIsNoticedAndMadeAgain(string pattern)
    {
        using (Store(seed: 1))
        {
        }
        var path = Assert.Single(Directory.GetFiles(_folder.File("networks"), pattern));
        var bytes = File.ReadAllBytes(path);
        foreach (var place in new[] { 0, bytes.Length / 2, bytes.Length - 5 })
        {
            var changed = bytes.ToArray();
            changed[place] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.Null(_cache.Find(_work));
        }
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Null(_cache.Find(_work));
        using var model = Store(seed: 2);
        using var found = _cache.Find(_work)!.Model;
        Assert.Equal(State(model), State(found));
    }

    [Fact]
    public void TwoThatStoreDifferentNetworksAtOnceLeaveOneWholeOne()
    {
        using var one = ModelZoo.Create("cnn-s", Shape, 1);
        using var two = ModelZoo.Create("cnn-s", Shape, 2);
        Parallel.For(0, 12, i => _cache.Store(_work, new(i % 2 == 0 ? one : two, 1, [])));
        using var found = _cache.Find(_work)!.Model;
        Assert.Contains(State(found), (float[][])[State(one), State(two)]);
        Assert.Equal(3, Directory.GetFiles(_folder.File("networks")).Length);
    }

    [Fact]
    public void APlaceThatCannotBeWrittenCostsNothingButTime()
    {
        var cache = new NetworkCache(Path.Combine(_folder.Write("file", "mine"), "below"));
        using var model = ModelZoo.Create("cnn-s", Shape, 1);
        cache.Store(_work, new(model, 1, []));
        Assert.Null(cache.Find(_work));
    }

    public void Dispose() => _folder.Dispose();

    private StagedClassifier Store(ulong seed)
    {
        var model = ModelZoo.Create("cnn-s", Shape, seed);
        _cache.Store(_work, new(model, 1.5, [0.25, 0.125]));
        return model;
    }

    private static float[] State(Classifier model) => [.. model.parameters().SelectMany(p => p.data<float>().ToArray())];
}
