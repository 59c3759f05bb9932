using Lacuna.Methods.MuMis;

namespace Lacuna.Tests.Methods;

/// <summary>Algorithm 1's stop: risen above the recorded minimum, and s_t / s_0 above delta.</summary>
public sealed class StopRuleTests
{
    [Theory]
    [InlineData(0.9, new[] { 10, 6, 4, 5, 8.9, 9.1 }, 5)]       // falls, recovers, passes delta at 9.1
    [InlineData(0.45, new[] { 10, 6, 4, 4.4, 4.6 }, 4)]         // the first rise is not past delta
    [InlineData(0.3, new[] { 10, 6.0, 4, 4.1 }, 3)]             // past delta all the time: the first rise counts
    [InlineData(0.9, new[] { 10, 12, 9, 9.5 }, 3)]              // starts rising: waits for the fall
    [InlineData(0.5, new[] { 10, 6, 7.0 }, 2)]
    [InlineData(0.9, new[] { 10, 9, 8, 7, 6, 5.0 }, -1)]        // never rises
    [InlineData(0.9, new[] { 10, 11, 12, 13.0 }, -1)]           // never falls
    [InlineData(0.9, new[] { 10, 4, 4, 4.0 }, -1)]              // stands at its minimum
    [InlineData(0.5, new[] { 10, 4, 8, 7, 6, 7.0 }, 2)]
    [InlineData(1.5, new[] { 10, 4, 14, 16.0 }, 3)]             // delta above 1
    [InlineData(1.5, new[] { 10, 12, 14, 16.0 }, 3)]            // never falls, but passes a delta above 1
    [InlineData(0.9, new[] { 0, 1, 2, 1, 3.0 }, -1)]            // a dead logit gives no scale
    [InlineData(0.5, new[] { 10, double.NaN, 4, 8.0 }, -1)]     // what is not a number never stops a run
    public void StopsAt(double delta, double[] sensitivities, int expected)
    {
        var rule = new StopRule(delta);
        Assert.Equal(expected, Array.FindIndex(sensitivities, rule.Observe));
    }

    [Fact]
    public void KeepsTheMinimumAndTheRatio()
    {
        var rule = new StopRule(2);
        foreach (var s in new[] { 8.0, 2, 6 }) rule.Observe(s);
        Assert.Equal((2, 0.75), (rule.Minimum, rule.Ratio));
    }

    [Fact]
    public void TheRatioOfADeadLogitIsOne()
    {
        var rule = new StopRule(0.5);
        rule.Observe(0);
        rule.Observe(3);
        Assert.Equal(1, rule.Ratio);
    }
}
