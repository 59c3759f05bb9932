using Lacuna.Data;

namespace Lacuna.Tests.Data;

public sealed class AheadTests
{
    private readonly List<Prepared> _made = [];

    [Fact]
    public void ResultsComeInOrderAndWhatWasPreparedIsDisposed()
    {
        Assert.Equal([10, 20, 30], Of([1, 2, 3]));
        Assert.Empty(Of([]));
        AssertNothingIsLeft(3);
    }

    [Fact]
    public void TheNextIsPreparedWhileTheConsumerHasThePresentOne()
    {
        using var second = new ManualResetEventSlim();
        using var results = Ahead.Of<int, Prepared, int>([1, 2, 3], n =>
        {
            if (n == 2) second.Set();
            return Prepare(n);
        }, Finish).GetEnumerator();
        Assert.True(results.MoveNext());
        Assert.True(second.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(results.MoveNext());
        Assert.Equal(20, results.Current);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AConsumerThatStopsEarlyLeavesNothing(int taken)
    {
        Assert.Equal(taken, Of(Enumerable.Range(1, 100)).Take(taken).Count());
        AssertNothingIsLeft(taken == 0 ? 0 : taken + 1);
    }

    [Fact]
    public void AnExceptionComesWhereItsItemWould()
    {
        var seen = new List<int>();
        var thrown = Assert.Throws<IOException>(() =>
        {
            foreach (var result in Ahead.Of<int, Prepared, int>([1, 2, 3], n => n == 2 ? throw new IOException("no second") : Prepare(n), Finish)) seen.Add(result);
        });
        Assert.Equal("no second", thrown.Message);
        Assert.Equal([10], seen);
        AssertNothingIsLeft(1);
        Assert.Throws<FormatException>(() => Ahead.Of<int, Prepared, int>([1, 2], Prepare, (_, _) => throw new FormatException()).First());
        AssertNothingIsLeft(3);
    }

    /// <summary>Nobody asked for the item that could not be prepared.</summary>
    [Fact]
    public void AnExceptionOfAnItemThatIsNotTakenIsNotHeardOf() =>
        Assert.Equal([10], Ahead.Of<int, Prepared, int>([1, 2], n => n == 2 ? throw new IOException() : Prepare(n), Finish).Take(1));

    private IEnumerable<int> Of(IEnumerable<int> items) => Ahead.Of<int, Prepared, int>(items, Prepare, Finish);

    private Prepared Prepare(int n)
    {
        var prepared = new Prepared(n);
        lock (_made) _made.Add(prepared);
        return prepared;
    }

    private static int Finish(int n, Prepared prepared)
    {
        Assert.Equal((n, false), (prepared.Number, prepared.IsDisposed));
        return 10 * n;
    }

    private void AssertNothingIsLeft(int made)
    {
        Assert.Equal(made, _made.Count);
        Assert.All(_made, prepared => Assert.True(prepared.IsDisposed));
    }

    private sealed class Prepared(int number) : IDisposable
    {
        public int Number { get; } = number;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
