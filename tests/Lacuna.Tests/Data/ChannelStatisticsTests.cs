using Lacuna.Data;

namespace Lacuna.Tests.Data;

public sealed class ChannelStatisticsTests
{
    [Fact]
    public void MeanAndDeviationAreThoseOfEachChannel()
    {
        // Two images, two channels of two pixels: channel 0 is 0, 255, 255, 0; channel 1 is 51, 51, 51, 102.
        var set = new ImageSet("x", [0, 255, 51, 51, 255, 0, 51, 102], [0, 0], 2, 1, 2, ["a"]);
        var statistics = ChannelStatistics.Of(set, TestContext.Current.CancellationToken);

        Assert.Equal([0.5, 0.25], statistics.Mean);
        Assert.Equal(0.5, statistics.Deviation[0], 1e-15);
        Assert.Equal(Math.Sqrt(3) / 20, statistics.Deviation[1], 1e-15);
    }
}
