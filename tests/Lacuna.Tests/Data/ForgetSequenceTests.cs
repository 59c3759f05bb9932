using Lacuna.Data;
using Lacuna.Numerics;

namespace Lacuna.Tests.Data;

/// <summary>Requests that follow one another.</summary>
public sealed class ForgetSequenceTests : IDisposable
{
    private static readonly ImageSet train = TinySet.Make(30), test = TinySet.Make(12, seed: 2);
    private static readonly DrawSource draws = new(4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatEarlierRequestsTookIsInNeitherPart()
    {
        var first = Split("class:2");
        var second = Split("class:0").After(first);
        Assert.Equal(Rows(30, 0), second.Forget.ToArray());
        Assert.Equal(Rows(30, 1), second.Retain.ToArray());
        Assert.Equal([.. Rows(30, 0).Concat(Rows(30, 2)).Order()], second.AllForgotten);
        var (forget, retain) = second.DivideTest(test);
        Assert.Equal(Rows(12, 0), forget);
        Assert.Equal(Rows(12, 1), retain);
    }

    [Fact]
    public void AnImageIsForgottenOnce()
    {
        var half = Split("random:5@class:0");
        var rest = Split("class:0").After(half);
        Assert.Equal(5, rest.Forget.Length);
        Assert.Empty(rest.Forget.ToArray().Intersect(half.Forget.ToArray()));
        Assert.Equal([.. Rows(30, 1).Concat(Rows(30, 2)).Order()], rest.Retain.ToArray());
        Assert.Contains("asks for nothing", Assert.Throws<ForgetSetException>(() => half.After(Split("class:0"))).Message);
        Assert.Contains("nothing of tiny would be retained", Assert.Throws<ForgetSetException>(() => Split("class:2").After(Split("class:0,1"))).Message);
        Assert.Throws<ArgumentException>(() => rest.After(half));
        Assert.Throws<ArgumentException>(() => half.After(ForgetSetSpec.Parse("class:1").Split(TinySet.Make(30, seed: 9), draws)));
    }

    [Fact]
    public void AChainComesBackFromItsFolder()
    {
        Split("random:3@class:1").After(Split("class:0")).Save(_folder.File("chain"));
        var loaded = ForgetSplit.Load(_folder.File("chain"));
        Assert.Equal(("random:3@class:1", "class:0"), (loaded.Spec, loaded.Earlier!.Spec));
        Assert.Equal((3, 17), (loaded.Forget.Length, loaded.Retain.Length));
        Assert.Equal(Rows(30, 0), loaded.Earlier.Forget.ToArray());
    }

    private static ForgetSplit Split(string words) => ForgetSetSpec.Parse(words).Split(train, draws);

    private static int[] Rows(int count, int label) => [.. Enumerable.Range(0, count).Where(i => i % 3 == label)];
}
