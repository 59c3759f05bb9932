using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Studies.ULira;

namespace Lacuna.Tests.Studies;

public sealed class LikelihoodRatioTests
{
    /// <summary>log(p / (1 - p)) of a softmax in float64, and its limit where p is 1 in any float format.</summary>
    [Fact]
    public void ScaledConfidenceIsTheLogOdds()
    {
        float[] z = [1.5f, -0.25f, 0.75f];
        var p = Math.Exp(z[2]) / z.Sum(v => Math.Exp(v));
        Assert.Equal(Math.Log(p / (1 - p)), ScaledConfidence.Of(z, 2), 1e-12);
        Assert.Equal(500 - Math.Log(2), ScaledConfidence.Of([500, 0, 0], 0), 1e-12);
        Assert.Equal(-500, ScaledConfidence.Of([500, 0], 1), 1e-12);
    }

    /// <summary>Two images, three pairs: every sum written out for the first pair.</summary>
    [Fact]
    public void ThreePairsByHand()
    {
        double[][] unlearned = [[1, 5], [2, 7], [4, 6]], unseen = [[0, 3], [1, 1], [-1, 2]];
        var scores = LikelihoodRatio.LeaveOneOut(unlearned, unseen);
        double varianceU = ((2.0 + 0.5) / 2), varianceR = ((2.0 + 0.5) / 2); // of {2, 4} and {7, 6}; of {1, -1} and {1, 2}
        double Score(double x, double meanU, double meanR) => -(x - meanU) * (x - meanU) / (2 * varianceU) + (x - meanR) * (x - meanR) / (2 * varianceR);
        Assert.Equal(Score(1, 3, 0), scores.Unlearned[0][0], 1e-12);
        Assert.Equal(Score(5, 6.5, 1.5), scores.Unlearned[0][1], 1e-12);
        Assert.Equal(Score(0, 3, 0), scores.Unseen[0][0], 1e-12);
        Assert.Equal(Score(3, 6.5, 1.5), scores.Unseen[0][1], 1e-12);
    }

    /// <summary>Unit Gaussians a distance d apart, each image with a centre of its own: the best AUC is Phi(d / sqrt 2), which confidence alone cannot reach.</summary>
    [Fact]
    public void ManyShadowsReachTheBestAreaOfGaussians()
    {
        var random = new Random(4);
        double[] centres = [.. Enumerable.Range(0, 200).Select(_ => 8 * random.NextDouble())];
        var result = ULiraResult.Of("method", Draw(random, 80, centres, 1.5), Draw(random, 80, centres, 0));
        // Phi(1.0607) = 0.8556; the left-out means of 79 values cost less than 0.01.
        Assert.Equal(0.8556, result.Auc, 0.015);
        Assert.InRange(result.ConfidenceAuc, 0.55, 0.75);
        Assert.StartsWith("still recognisable", result.Verdict);
    }

    [Fact]
    public void LessConfidenceIsOverUnlearning()
    {
        var random = new Random(5);
        double[] centres = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        var result = ULiraResult.Of("method", Draw(random, 6, centres, -3), Draw(random, 6, centres, 0));
        Assert.True(result.Auc > 0.9 && result.ConfidenceAuc < 0.1);
        Assert.StartsWith("over-unlearned", result.Verdict);
    }

    /// <summary>Both sides of one distribution, 40 times over with four pairs each: the mean area is one half, and the intervals of 95 % miss it in few.</summary>
    [Fact]
    public void EqualNetworksAreAtOneHalf()
    {
        var random = new Random(6);
        double[] centres = [.. Enumerable.Range(0, 60).Select(_ => 5 * random.NextDouble())];
        ULiraResult[] results = [.. Enumerable.Range(0, 40).Select(_ => ULiraResult.Of("method", Draw(random, 4, centres, 0), Draw(random, 4, centres, 0)))];
        Assert.Equal(0.5, results.Average(result => result.Auc), 0.02);
        Assert.InRange(results.Count(result => Math.Abs(result.Auc - 0.5) > result.HalfWidth), 0, 8);
    }

    [Fact]
    public void TooFewPairsAreRefused()
    {
        Assert.Contains("at least 3", Assert.Throws<ArgumentException>(() => LikelihoodRatio.LeaveOneOut([[1], [2]], [[1], [2]])).Message);
        Assert.Contains("Shadows", Assert.Throws<ArgumentException>(() => new ULiraStudy(new() { Shadows = 2 })).Message);
    }

    private static double[][] Draw(Random random, int pairs, double[] centres, double shift) =>
        [.. Enumerable.Range(0, pairs).Select(_ => centres.Select(centre => centre + shift + Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6).ToArray())];
}
