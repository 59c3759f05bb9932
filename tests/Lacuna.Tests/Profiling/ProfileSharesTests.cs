using Lacuna.Profiling;
using Lacuna.Runs.Profiling;

namespace Lacuna.Tests.Profiling;

public sealed class ProfileSharesTests
{
    [Fact]
    public void SharesMakeTheWhole()
    {
        var shares = ProfileShares.Of(Recorded.TenSeconds(), 1_000_000_000, 100);
        Assert.Equal(10, shares.Sum(share => share.Seconds), 9);
        Assert.Equal(1, shares.Sum(share => share.Share), 9);
        Assert.Equal(
            [(PassNames.Tangent, 4.0), ("Gate", 2.0), (PassNames.WeightProduct, 2.0), (ProfileShares.Batches, 1.0), (ProfileShares.Other, 1.0)],
            shares.OrderByDescending(share => share.Seconds).ThenBy(share => share.Name, StringComparer.Ordinal).Select(share => (share.Name, share.Seconds)));
    }

    [Fact]
    public void RatesOfAPassCountItsKernelsAndNotThePassesInIt()
    {
        var shares = ProfileShares.Of(Recorded.TenSeconds(), 1_000_000_000, 100);
        // 16 images in 6 s without the products, in 2 s of products; a multiply-add is two operations.
        var tangent = shares.Single(share => share.Name == PassNames.Tangent);
        Assert.Equal(16 / 6.0, tangent.ImagesPerSecond!.Value, 9);
        Assert.Equal(2 * 16 / 6.0, tangent.Gflops!.Value, 9);
        Assert.Equal(2 * 16 / 6.0 / 100, tangent.ShareOfPeak!.Value, 9);
        Assert.Equal(8, shares.Single(share => share.Name == PassNames.WeightProduct).ImagesPerSecond!.Value, 9);
        Assert.Null(shares.Single(share => share.Name == "Gate").ImagesPerSecond);
        Assert.Equal((0L, 2e9 * 32), ProfileShares.Work(Recorded.TenSeconds(), 1_000_000_000));
    }

    [Fact]
    public void OfAPassWhoseOperationsAreNotKnownThereIsNoRateOfThem()
    {
        var clock = new FakeClock();
        var recorder = new SpanRecorder("run", clock);
        using (recorder.Span(SpanKind.Pass, PassNames.DoubleBackward, 4)) clock.Advance(2);
        var share = ProfileShares.Of(recorder.Finish(), 1, 1).First();
        Assert.Equal(2, share.ImagesPerSecond!.Value, 9);
        Assert.Null(share.Gflops);
        Assert.Null(share.ShareOfPeak);
    }
}
