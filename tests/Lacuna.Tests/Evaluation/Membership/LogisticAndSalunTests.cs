using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;

namespace Lacuna.Tests.Evaluation;

public sealed class LogisticAndSalunTests
{
    /// <summary>The same minimum by scikit-learn's Newton solver; its lbfgs, which stops 1e-5 away, predicts the same.</summary>
    [Fact]
    public void LogisticRegressionIsScikitLearns()
    {
        foreach (var golden in MembershipGolden.Read().Regressions)
        {
            var machine = BalancedLogisticRegression.Fit(golden.Members, golden.Others);
            Assert.Equal(golden.Weight, machine.Weight, 1e-8);
            Assert.Equal(golden.Intercept, machine.Intercept, 1e-8);
            Assert.Equal(golden.Predictions, golden.Targets.Select(x => machine.Score(x) > 0 ? 1 : 0));
        }
    }

    [Fact]
    public void LogisticRegressionEndsOnHardProblems()
    {
        var separable = BalancedLogisticRegression.Fit([0, 1e-6, 0.1], [50, 60, 1000]);
        Assert.True(separable.Score(0.1) > 0 && separable.Score(50) < 0);
        var equal = BalancedLogisticRegression.Fit([1, 1, 1], [1]);
        Assert.Equal(0, equal.Score(1), 1e-9);
        Assert.Throws<ArgumentException>(() => BalancedLogisticRegression.Fit([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => BalancedLogisticRegression.Fit([], [1]));
    }

    /// <summary>PyTorch ran the published statements; float32 sums of up to 200 nats allow 1e-4.</summary>
    [Fact]
    public void TheFaultyEntropyIsWhatItsCodeComputes()
    {
        foreach (var golden in MembershipGolden.Read().Salun)
        {
            var predictions = new Predictions
            {
                Labels = golden.Labels, Predicted = golden.Labels, LabelConfidence = [], Entropy = [], ModifiedEntropy = [],
                Logits = golden.Logits.SelectMany(row => row).ToArray(),
            };
            Assert.All(SalunEntropy.Of(predictions).Zip(golden.Values), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        }
    }
}
