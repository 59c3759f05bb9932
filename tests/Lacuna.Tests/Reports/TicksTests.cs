using System.Globalization;
using Lacuna.Reports.Charts;

namespace Lacuna.Tests.Reports;

public sealed class TicksTests
{
    [Fact]
    public void RoundNumbersWhereAReaderExpectsThem()
    {
        Assert.Equal([0, 20, 40, 60, 80, 100], Ticks.Linear(0, 100, 5));
        Assert.Equal([-0.2, -0.1, 0, 0.1, 0.2, 0.3], Ticks.Linear(-0.25, 0.31, 5));
        Assert.Equal([0.01, 0.1, 1, 10], Ticks.Logarithmic(0.008, 20));
        Assert.Equal([1, 2, 5, 10], Ticks.Logarithmic(1, 10));
    }

    [Fact]
    public void TheyLieInsideAndAscendInEqualSteps()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
            var high = low + random.NextDouble() * Math.Pow(10, random.Next(-3, 7)) + 1e-3 * Math.Max(1, Math.Abs(low));
            var ticks = Ticks.Linear(low, high, 5);
            Assert.InRange(ticks.Count, 2, 9);
            var rim = 1e-6 * (high - low);
            Assert.All(ticks, tick => Assert.InRange(tick, low - rim, high + rim));
            var steps = ticks.Zip(ticks.Skip(1), (a, b) => b - a).ToArray();
            Assert.All(steps, step => Assert.Equal(1, step / steps[0], 1e-6));
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(-12.5, "−12.5")]
    [InlineData(5400, "5,400")]
    [InlineData(0.00012, "1.2e−4")]
    [InlineData(double.NaN, "–")]
    public void NumbersAsPeopleWriteThem(double value, string text) => Assert.Equal(text, Ticks.Text(value));

    [Fact]
    public void OneColumnOfNumbersHasAsManyDecimals()
    {
        var decimals = Ticks.Decimals([96, 94.648, 100]);
        Assert.Equal(["96.0", "94.6", "100.0"], new[] { 96, 94.648, 100 }.Select(value => Ticks.Text(value, decimals)));
        // What is not nothing does not look like nothing.
        Assert.Equal("2e−4", Ticks.Text(0.0002, decimals).ToString(CultureInfo.InvariantCulture));
    }
}
