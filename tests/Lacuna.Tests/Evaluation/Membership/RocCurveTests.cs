using Lacuna.Evaluation.Membership;

namespace Lacuna.Tests.Evaluation;

public sealed class RocCurveTests
{
    /// <summary>Counts are whole numbers, so only the last divisions round: 1e-12 allows for their order.</summary>
    [Fact]
    public void CurvesAreScikitLearns()
    {
        foreach (var golden in MembershipGolden.Read().Curves)
        {
            var curve = RocCurve.Of(golden.Positives, golden.Negatives);
            Assert.Equal(golden.Fpr, curve.FalsePositiveRates);
            Assert.Equal(golden.Tpr, curve.TruePositiveRates);
            Assert.Equal(golden.Auc, curve.Auc, 1e-12);
            Assert.Equal(golden.TprAtOnePercent, curve.TprAtOnePercentFpr, 1e-12);
            Assert.Equal(golden.Error ?? double.NaN, curve.StandardError, 1e-8);
        }
    }

    [Fact]
    public void OppositeScoresHaveTheOppositeArea()
    {
        foreach (var golden in MembershipGolden.Read().Curves)
        {
            var turned = RocCurve.Of([.. golden.Positives.Select(x => -x)], [.. golden.Negatives.Select(x => -x)]);
            Assert.Equal(1 - golden.Auc, turned.Auc, 1e-12);
        }
    }

    /// <summary>All 70 ways to divide eight equally likely scores with ties: the exact standard deviation of the AUC under chance.</summary>
    [Fact]
    public void TheChanceErrorIsThatOfAllDivisions()
    {
        double[] scores = [1, 2, 2, 3, 3, 3, 4, 5];
        var areas = new List<double>();
        var errors = new List<double>();
        for (var mask = 0; mask < 256; mask++)
        {
            if (int.PopCount(mask) != 4) continue;
            var curve = RocCurve.Of([.. scores.Where((_, i) => (mask >> i & 1) != 0)], [.. scores.Where((_, i) => (mask >> i & 1) == 0)]);
            areas.Add(curve.Auc);
            errors.Add(curve.ChanceError);
        }
        Assert.Equal(0.5, areas.Average(), 1e-12);
        var expected = Math.Sqrt(areas.Average(a => (a - 0.5) * (a - 0.5)));
        Assert.All(errors, error => Assert.Equal(expected, error, 1e-12));
    }

    [Fact]
    public void AThinnedCurveStaysOnTheCurveAndKeepsItsFigures()
    {
        var random = new Random(3);
        double[] Normal(int count, double shift) => [.. Enumerable.Range(0, count).Select(_ => shift + Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6)];
        var whole = RocCurve.Of(Normal(4000, 0.5), Normal(5000, 0));
        var thin = whole.Thinned();
        Assert.InRange(thin.FalsePositiveRates.Count, 50, 800);
        Assert.Equal((whole.Auc, whole.TprAtOnePercentFpr), (thin.Auc, thin.TprAtOnePercentFpr));
        var points = whole.FalsePositiveRates.Zip(whole.TruePositiveRates).ToHashSet();
        Assert.All(thin.FalsePositiveRates.Zip(thin.TruePositiveRates), point => Assert.Contains(point, points));
        Assert.Equal((0, 0, 1, 1), (thin.FalsePositiveRates[0], thin.TruePositiveRates[0], thin.FalsePositiveRates[^1], thin.TruePositiveRates[^1]));
        var area = Enumerable.Range(1, thin.FalsePositiveRates.Count - 1)
            .Sum(i => (thin.FalsePositiveRates[i] - thin.FalsePositiveRates[i - 1]) * (thin.TruePositiveRates[i] + thin.TruePositiveRates[i - 1]) / 2);
        Assert.Equal(whole.Auc, area, 2e-3);
    }

    [Fact]
    public void WhatIsNoNumberIsRefused()
    {
        Assert.Contains("Score 1", Assert.Throws<ArgumentException>(() => RocCurve.Of([0, double.NaN], [1])).Message);
        Assert.Throws<ArgumentException>(() => RocCurve.Of([], [1]));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1], []));
    }
}
