using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation;

public sealed class RbfSvcTests
{
    /// <summary>The optimality conditions of the dual, with kernel and sums in float64 and independent of the solver's code.</summary>
    [Theory]
    [InlineData("skewed", 700, 400, 3, 1)]
    [InlineData("saturated", 900, 900, 3, 1)]
    [InlineData("grid", 500, 500, 3, 1)]
    [InlineData("wide", 600, 500, 10, 0.5)]
    [InlineData("modified", 600, 600, 3, 1)]
    public void The_solution_meets_the_optimality_conditions(string kind, int positives, int negatives, double c, double gamma)
    {
        double[] p = SvcProblems.Features(kind, 5000, 0, positives, true), n = SvcProblems.Features(kind, 5000, 1, negatives, false);
        RbfSvc svc = RbfSvc.Fit(p, n, new RbfSvcOptions { C = c, Gamma = gamma });
        double[] x = [.. p, .. n];
        double[] y = [.. Enumerable.Repeat(1.0, positives), .. Enumerable.Repeat(-1.0, negatives)];
        double[] alpha = [.. svc.PositiveAlphas, .. svc.NegativeAlphas];

        Assert.All(alpha, a => Assert.InRange(a, 0, c));
        double balance = alpha.Zip(y, (a, sign) => a * sign).Sum();
        Assert.InRange(balance, -1e-9 * c * x.Length, 1e-9 * c * x.Length);
        double largest = double.NegativeInfinity, smallest = double.PositiveInfinity;
        for (int i = 0; i < x.Length; i++)
        {
            double score = y[i]; // -y_i (gradient of the dual)
            for (int k = 0; k < x.Length; k++) { score -= alpha[k] * y[k] * Math.Exp(-gamma * (x[i] - x[k]) * (x[i] - x[k])); }
            if (y[i] > 0 ? alpha[i] < c : alpha[i] > 0) { largest = Math.Max(largest, score); }
            if (y[i] > 0 ? alpha[i] > 0 : alpha[i] < c) { smallest = Math.Min(smallest, score); }
        }

        // The tolerance, and twice what rounding the kernel to float32 (2^-24 relative) can move a score.
        Assert.True(largest - smallest < 1e-3 + (2 * alpha.Sum() * Math.ScaleB(1, -24)), $"violation {largest - smallest:E2}");
    }

    /// <summary>alpha = (1 - rho y) / (1 - k) at the optimum of two points; scaled-down C clips it.</summary>
    [Theory]
    [InlineData(0.0, 2.0, 3.0)]
    [InlineData(0.2, 0.9, 0.5)]
    public void One_point_each_has_the_closed_solution(double negative, double positive, double c)
    {
        RbfSvc svc = RbfSvc.Fit([positive], [negative], new RbfSvcOptions { C = c });
        double kernel = (float)Math.Exp(-(positive - negative) * (positive - negative));
        double alpha = Math.Min(c, 1 / (1 - kernel));
        Assert.Equal(alpha, svc.PositiveAlphas[0], 1e-6);
        Assert.Equal(alpha, svc.NegativeAlphas[0], 1e-6);
        Assert.Equal(0, svc.Decision((positive + negative) / 2), 1e-6);
        Assert.True(svc.Predict(positive + 0.1));
        Assert.False(svc.Predict(negative - 0.1));
        Assert.Equal(1, svc.Iterations);
    }

    /// <summary>All kernel values are 1: the decision is the intercept, and the larger class must win everywhere.</summary>
    [Theory]
    [InlineData(30, 10, true)]
    [InlineData(10, 30, false)]
    [InlineData(10, 10, true)] // a decision value of exactly zero counts as positive
    public void Equal_features_go_to_the_larger_class(int positives, int negatives, bool expected)
    {
        RbfSvc svc = RbfSvc.Fit([.. Enumerable.Repeat(0.7, positives)], [.. Enumerable.Repeat(0.7, negatives)]);
        Assert.Equal(expected, svc.Predict(0.7));
        Assert.Equal([expected, expected], svc.Predict([0.7, 0.7]));
    }

    [Fact]
    public void Separable_classes_are_separated()
    {
        double[] p = SvcProblems.Features("separable", 1, 0, 300, true), n = SvcProblems.Features("separable", 1, 1, 300, false);
        RbfSvc svc = RbfSvc.Fit(p, n, new RbfSvcOptions { C = 1000, Gamma = 30 });
        Assert.All(svc.Predict(p), Assert.True);
        Assert.All(svc.Predict(n), Assert.False);
        Assert.True(svc.SupportVectors < 60);
    }

    [Fact]
    public void Far_targets_fall_to_the_sign_of_the_intercept()
    {
        RbfSvc svc = RbfSvc.Fit([0.1, 0.2, 0.3], [0.4, 0.5]);
        Assert.Equal([svc.Intercept >= 0, svc.Intercept >= 0, svc.Predict(0.2)], svc.Predict([1e100, -1e9, 0.2]));
        Assert.Equal(svc.Intercept, svc.Decision(50));
    }

    [Fact]
    public void Forty_thousand_points_of_a_saturated_softmax_are_solved()
    {
        double[] p = SvcProblems.Features("saturated", 7, 0, 20_000, true), n = SvcProblems.Features("saturated", 7, 1, 20_000, false);
        RbfSvc svc = RbfSvc.Fit(p, n);
        bool[] predictions = svc.Predict(p);
        int[] checks = [.. Enumerable.Range(0, 50).Select(k => k * 397)];
        Assert.All(checks, k => Assert.Equal(svc.Decision(p[k]) >= 0, predictions[k]));
        double balance = 0;
        foreach (double a in svc.PositiveAlphas) { balance += a; }
        foreach (double a in svc.NegativeAlphas) { balance -= a; }
        Assert.InRange(balance, -1e-4, 1e-4);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        Assert.Contains("positive feature 1", Assert.Throws<ArgumentException>(() => RbfSvc.Fit([0, double.NaN], [1])).Message);
        Assert.Contains("negative feature 0", Assert.Throws<ArgumentException>(() => RbfSvc.Fit([0], [double.PositiveInfinity])).Message);
        Assert.Contains("no positive", Assert.Throws<ArgumentException>(() => RbfSvc.Fit([], [1])).Message);
        Assert.Contains("no negative", Assert.Throws<ArgumentException>(() => RbfSvc.Fit([1], [])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => RbfSvc.Fit([1], [0], new RbfSvcOptions { C = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RbfSvc.Fit([1], [0], new RbfSvcOptions { Gamma = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RbfSvc.Fit([1], [0], new RbfSvcOptions { Tolerance = double.NaN }));
        RbfSvc svc = RbfSvc.Fit([1], [0]);
        Assert.Throws<ArgumentException>(() => svc.Predict(double.NaN));
        Assert.Contains("target feature 1", Assert.Throws<ArgumentException>(() => svc.Predict([0, double.NaN])).Message);
        Assert.Empty(svc.Predict([]));
    }
}
