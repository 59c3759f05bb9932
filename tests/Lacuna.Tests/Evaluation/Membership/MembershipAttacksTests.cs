using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;
using Lacuna.Numerics;

namespace Lacuna.Tests.Evaluation;

public sealed class MembershipAttacksTests
{
    private static readonly DrawSource draws = new(5);

    /// <summary>
    /// Logits that know nothing of membership: every AUC within four of its chance errors of one half (one in 16,000 would not be), in both directions,
    /// and the two kinds of error agree.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomPredictorsAreAtOneHalf(int seed)
    {
        var scores = MembershipAttacks.Run(Random(800, 2, 10 * seed), Random(700, 2, 10 * seed + 1), Random(500, 2, 10 * seed + 2), Random(600, 2, 10 * seed + 3), draws);
        Assert.Equal(MembershipAttacks.Names, scores.Select(score => score.Attack));
        Assert.All(scores, score =>
        {
            Assert.InRange(score.Auc, 0.5 - 4 * score.ChanceError, 0.5 + 4 * score.ChanceError);
            Assert.InRange(score.StandardError / score.ChanceError, 0.9, 1.1);
            Assert.InRange(score.TprAtOnePercentFpr, 0, 0.04);
        });
        Assert.Contains(scores, score => score.Verdict == MembershipVerdict.Indistinguishable);
    }

    /// <summary>Forget images as sure as members, unseen ones unsure: all attacks find them. The same with both exchanged is over-unlearning.</summary>
    [Fact]
    public void VerdictsAreTwoSided()
    {
        Predictions sure = Random(400, 8, 1), unsure = Random(400, 1, 2), sureToo = Random(300, 8, 3), unsureToo = Random(300, 1, 4);
        foreach (var score in MembershipAttacks.Run(sure, unsure, sureToo, unsureToo, draws))
        {
            Assert.True(score.Auc > 0.65, $"{score}");
            Assert.Equal((MembershipVerdict.Recognisable, "still recognisable"), (score.Verdict, score.VerdictText));
            if (score.Direction == MembershipDirection.HigherIsForgotten) Assert.True(score.EfficacyPercent < 45, $"{score}");
            else Assert.True(score.EfficacyPercent > 55, $"{score}");
        }
        foreach (var score in MembershipAttacks.Run(sure, unsure, unsureToo, sureToo, draws))
        {
            Assert.True(score.Auc < 0.35, $"{score}");
            Assert.Equal(MembershipVerdict.OverUnlearned, score.Verdict);
        }
    }

    [Fact]
    public void TheConfidenceAttackIsTheTablesMia()
    {
        Predictions retain = Random(300, 3, 1), test = Random(200, 2, 2), forget = Random(150, 2.5, 3);
        var expected = MembershipInference.Attack(
            [.. retain.LabelConfidence], [.. test.LabelConfidence], [.. forget.LabelConfidence], (of, count) => draws.Choose(count, of, DrawPurpose.MembershipSample, 0));
        Assert.Equal(100 * expected.Efficacy, MembershipAttacks.Run(retain, test, forget, null, draws)[0].EfficacyPercent);
    }

    /// <summary>Single images of two classes: test images of a third class, whose confidence is far off, do not enter the AUC.</summary>
    [Fact]
    public void UnseenImagesAreOfTheClassesOfTheForgetImages()
    {
        Predictions retain = Random(300, 3, 1), test = Random(900, 3, 2), forget = Random(200, 3, 3, classes: 2);
        var kind = Enumerable.Range(0, test.Count).Where(i => test.Labels[i] < 2).Select(i => test.LabelConfidence[i]).ToArray();
        var score = MembershipAttacks.Run(retain, test, forget, null, draws)[0];
        Assert.Equal(RocCurve.Of([.. forget.LabelConfidence], kind).Auc, score.Auc);
        Assert.NotEqual(RocCurve.Of([.. forget.LabelConfidence], [.. test.LabelConfidence]).Auc, score.Auc);
    }

    [Fact]
    public void WithoutUnseenImagesOfTheKindThereIsNoVerdict()
    {
        var scores = MembershipAttacks.Run(Random(50, 3, 1), Random(50, 3, 2), Random(20, 3, 3), Random(0, 3, 4), draws);
        Assert.All(scores, score =>
        {
            Assert.Equal(MembershipVerdict.Unmeasured, score.Verdict);
            Assert.True(double.IsNaN(score.Auc) && !double.IsNaN(score.EfficacyPercent));
        });
    }

    [Fact]
    public void EveryAttackHasItsDefinition() => Assert.All(MembershipAttacks.Names, name => Assert.NotNull(MetricDefinitions.Find(name)));

    /// <summary>Predictions whose true logit leads by <paramref name="lead"/> on average, five classes.</summary>
    private static Predictions Random(int count, double lead, int seed, int classes = 5)
    {
        const int K = 5;
        var random = new Random(seed);
        var logits = new float[count * K];
        int[] labels = new int[count], predicted = new int[count];
        double[] confidence = new double[count], entropy = new double[count], modified = new double[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(classes);
            for (var k = 0; k < K; k++) logits[i * K + k] = (float)(Enumerable.Range(0, 6).Sum(_ => random.NextDouble()) - 3 + (k == labels[i] ? lead * random.NextDouble() : 0));
            var z = logits[(i * K)..(i * K + K)];
            predicted[i] = Array.IndexOf(z, z.Max());
            var total = z.Sum(v => Math.Exp(v));
            var p = Array.ConvertAll(z, v => Math.Exp(v) / total);
            confidence[i] = p[labels[i]];
            entropy[i] = -p.Sum(v => v * Math.Log(v));
            modified[i] = -p.Select((v, k) => k == labels[i] ? (1 - v) * Math.Log(v) : v * Math.Log(1 - v)).Sum();
        }
        return new() { Labels = labels, Predicted = predicted, LabelConfidence = confidence, Entropy = entropy, ModifiedEntropy = modified, Logits = logits };
    }
}
