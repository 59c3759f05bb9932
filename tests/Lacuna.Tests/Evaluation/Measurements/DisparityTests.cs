using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation.Measurements;

public sealed class DisparityTests
{
    /// <summary>scipy.stats.t.interval(.95, 2, mean, sem) and (.9, 4, ...). Math.NET finds the t by bisection to eight digits.</summary>
    [Fact]
    public void IntervalsAreThoseOfSciPy()
    {
        var three = Interval.Of([90.1, 91.4, 89.7]);
        Assert.Equal((3, 90.4), (three.Count, Math.Round(three.Mean, 10)));
        Assert.Equal(0.8888194417315619, three.StandardDeviation!.Value, 1e-9);
        Assert.Equal(88.19205010577471, three.Low!.Value, 1e-6);
        Assert.Equal(92.60794989422527, three.High!.Value, 1e-6);
        var five = Interval.Of([1, 2, 4, 8, 16], 0.9);
        Assert.Equal(0.38509724920023736, five.Low!.Value, 1e-6);
        Assert.Equal(12.01490275079976, five.High!.Value, 1e-6);
    }

    [Fact]
    public void OneSeedHasNoSpreadAndNoneHasNoMean()
    {
        Assert.Equal(new Interval(1, 7, null, null, null), Interval.Of([7]));
        Assert.Throws<ArgumentException>(() => Interval.Of([]));
        Assert.Throws<ArgumentException>(() => Interval.Of([1, 2], 1));
    }

    /// <summary>Two seeds that miss UA by +10 and -10: the means agree, each run is 10 off, of which the four figures' average is 2.5.</summary>
    [Fact]
    public void WhatSeedsMissToBothSidesCancelsInTheMeansAlone()
    {
        var disparity = Disparity.Of([Measured(90, 95), Measured(70, 95)], [Measured(80, 95), Measured(80, 95)]);
        Assert.Equal(0, disparity.GapOfMeans!.Value, 1e-12);
        Assert.Equal((2.5, 0.0), (disparity.MeanOfGaps!.Mean, disparity.MeanOfGaps.StandardDeviation!.Value));
        var ua = disparity.Figures.Single(figure => figure.Symbol == "UA");
        Assert.Equal((80.0, 80.0, 0.0, 10.0), (ua.Model.Mean, ua.Oracle!.Mean, ua.Difference!.Mean, ua.Distance!.Mean));
        Assert.Equal(Math.Sqrt(200), ua.Difference.StandardDeviation!.Value, 1e-9);
        Assert.Equal(["UA", "RA", "TA", "MIA", "TA-all"], disparity.Figures.Select(figure => figure.Symbol));
    }

    [Fact]
    public void SeedsArePairedInOrder()
    {
        var disparity = Disparity.Of([Measured(10, 90), Measured(20, 91), Measured(60, 95)], [Measured(11, 90), Measured(22, 91), Measured(63, 95)]);
        var ua = disparity.Figures[0];
        Assert.Equal((-2.0, 1.0, 2.0), (ua.Difference!.Mean, ua.Difference.StandardDeviation!.Value, ua.Distance!.Mean));
        Assert.Equal(0.5, disparity.MeanOfGaps!.Mean, 1e-12);
        Assert.Equal(0.5, disparity.GapOfMeans!.Value, 1e-12);
    }

    [Fact]
    public void WithoutOraclesThereIsNoGapAndOneSeedHasNoInterval()
    {
        var alone = Disparity.Of([Measured(10, 90)], null);
        Assert.Null(alone.MeanOfGaps);
        Assert.Null(alone.GapOfMeans);
        Assert.All(alone.Figures, figure => Assert.Null(figure.Distance));
        Assert.All(alone.Figures, figure => Assert.Null(figure.Model.Low));
        Assert.Throws<ArgumentException>(() => Disparity.Of([], null));
        Assert.Throws<ArgumentException>(() => Disparity.Of([Measured(1, 1)], []));
    }

    /// <summary>A figure that one seed lacks is left out rather than averaged over the rest.</summary>
    [Fact]
    public void AFigureOfSomeSeedsOnlyIsLeftOut() =>
        Assert.DoesNotContain("ZRF", Disparity.Of([Measured(1, 1) with { ZeroRetrainForgetting = 0.5 }, Measured(1, 1)], null).Figures.Select(figure => figure.Symbol));

    /// <summary>The triangle inequality, over random figures.</summary>
    [Fact]
    public void TheGapOfTheMeansIsNeverAboveTheMeanOfTheGaps()
    {
        var random = new Random(1);
        ModelMeasurement[] Seeds() => [.. Enumerable.Range(0, 3).Select(_ => Measured(random.Next(100), random.Next(100)))];
        for (var trial = 0; trial < 1000; trial++)
        {
            var disparity = Disparity.Of(Seeds(), Seeds());
            Assert.True(disparity.GapOfMeans <= disparity.MeanOfGaps!.Mean + 1e-9);
        }
    }

    private static ModelMeasurement Measured(double unlearning, double retain) => new()
    {
        Metrics = new(unlearning, retain, 80, 50), TestAccuracyAll = 75, TestAccuracyForgotten = null, Classes = [], TestPredictions = new([]), ForgetPredictions = new([]),
        Membership = [], ToOracle = null, ZeroRetrainForgetting = null, MeasuringSeconds = 1,
    };
}
