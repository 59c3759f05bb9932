using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Lacuna.Numerics;

namespace Lacuna.Evaluation.Membership;

/// <summary>
/// Every membership attack that needs one model only, from predictions that were made before; <c>help metrics NAME</c> and
/// <see cref="MetricDefinitions"/> define each.
/// </summary>
/// <remarks>
/// Two questions are answered. The efficacy is the published one: an attack learns from retain images (members) and test images (non-members), and
/// is then asked about the forget images. The AUC asks what that leaves open, whether the forget images can be told from unseen images of the same
/// kind: test images of the forgotten classes where classes are forgotten whole, else of the classes that occur among the forget images. Test
/// images of other classes would make it large for no reason of membership. Its score is the scalar itself where more of it means member
/// (confidence, correctness) or less (entropies), else the learned decision value (probability vector, logistic regression, m_entropy_salun).
/// </remarks>
public static class MembershipAttacks
{
    /// <summary>The attack whose efficacy is the tables' MIA.</summary>
    public const string Confidence = "confidence";

    private static readonly ScalarAttack[] scalars =
    [
        new(Confidence, p => [.. p.LabelConfidence], 1),
        new("entropy", p => [.. p.Entropy], -1),
        new("modified-entropy", p => [.. p.ModifiedEntropy], -1),
        new("m_entropy_salun", SalunEntropy.Of, 0),
        new("correctness", Correctness, 1),
    ];

    private const string Probability = "probability";

    private const string LogisticEntropy = "logistic-entropy";

    /// <summary>In the order of <see cref="Run"/>'s scores.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. scalars.Select(attack => attack.Name), Probability, LogisticEntropy];

    /// <summary>What to say beside such an attack's figures where classes are forgotten whole.</summary>
    public static string MisleadingNote { get; } =
        $"† {string.Join(" and ", Names.Where(LearnsItsSide))} learn from images of the classes that are kept which side members lie on. On a class that they never met that side is arbitrary, and even the original model can come out as over-unlearned: "
        + "compare such a row with the retrained model's, and draw no verdict from it.";

    /// <summary>Whether an attack's score is a decision value whose side was learned from the classes that are kept, and so says little of a class that is forgotten whole.</summary>
    public static bool LearnsItsSide(string attack) => attack == Probability || scalars.Any(scalar => scalar.Name == attack && scalar.Sign == 0);

    /// <summary>Runs all attacks.</summary>
    /// <param name="retain">Training images that are kept: the members.</param>
    /// <param name="test">Test images, without those of classes and sub-classes that are forgotten whole: the non-members.</param>
    /// <param name="forget">Training images that were to be forgotten.</param>
    /// <param name="forgetTest">Test images of the classes and sub-classes that are forgotten whole; null when single images are forgotten.</param>
    /// <param name="draws">Choose the members and non-members, the same ones for every model and attack.</param>
    /// <exception cref="ArgumentException">Retain, test or forget images are missing, or a logit is not finite.</exception>
    public static IReadOnlyList<MembershipScore> Run(Predictions retain, Predictions test, Predictions forget, Predictions? forgetTest, DrawSource draws)
    {
        var unseen = forgetTest ?? PredictionRows.OfTheClassesOf(forget, test);
        int[] Choose(int of, int count) => draws.Choose(count, of, DrawPurpose.MembershipSample, 0);
        // Independent of each other, so they share the cores; the longest first.
        Func<MembershipScore>[] attacks =
        [
            .. scalars.Select(attack => (Func<MembershipScore>)(() => Run(attack, retain, test, forget, unseen, Choose))),
            () => Vectors(retain, test, forget, unseen, Choose),
            () => Logistic(retain, test, forget, unseen),
        ];
        var scores = new MembershipScore[attacks.Length];
        int[] order = [.. Enumerable.Range(0, attacks.Length).OrderBy(k => Names[k] == Probability ? 0 : 1)];
        try
        {
            Parallel.ForEach(Partitioner.Create(order, EnumerablePartitionerOptions.NoBuffering), k => scores[k] = attacks[k]());
        }
        catch (AggregateException e)
        {
            // As if they had run one after the other: the first one's complaint about the input.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return scores;
    }

    private static MembershipScore Run(ScalarAttack attack, Predictions retain, Predictions test, Predictions forget, Predictions unseen, Func<int, int, int[]> choose)
    {
        double[] targets = attack.Of(forget), others = attack.Of(unseen);
        var result = MembershipInference.Attack(attack.Of(retain), attack.Of(test), targets, choose);
        double[] Scores(double[] values) => attack.Sign == 0 ? result.Machine.Decisions(values) : [.. values.Select(value => attack.Sign * value)];
        return Score(attack.Name, 100 * result.Efficacy, MembershipDirection.HigherIsForgotten, Scores(targets), Scores(others));
    }

    private static MembershipScore Vectors(Predictions retain, Predictions test, Predictions forget, Predictions unseen, Func<int, int, int[]> choose)
    {
        var size = Math.Min(retain.Count, test.Count);
        double[] Cut(Predictions all) => Softmax.Rows(all, all.Count == size ? [.. Enumerable.Range(0, size)] : choose(all.Count, size));
        var machine = RbfVectorSvc.Fit(Cut(retain), Cut(test), retain.Classes);
        double[] Scores(Predictions predictions) => machine.Decisions(Softmax.Rows(predictions, [.. Enumerable.Range(0, predictions.Count)]));
        var scores = Scores(forget);
        return Score(Probability, 100.0 * scores.Count(score => score < 0) / scores.Length, MembershipDirection.HigherIsForgotten, scores, Scores(unseen));
    }

    private static MembershipScore Logistic(Predictions retain, Predictions test, Predictions forget, Predictions unseen)
    {
        var machine = BalancedLogisticRegression.Fit(retain.Entropy, test.Entropy);
        double[] Scores(Predictions predictions) => [.. predictions.Entropy.Select(machine.Score)];
        var scores = Scores(forget);
        return Score(LogisticEntropy, 100.0 * scores.Count(score => score > 0) / scores.Length, MembershipDirection.LowerIsForgotten, scores, Scores(unseen));
    }

    private static MembershipScore Score(string name, double efficacy, MembershipDirection direction, double[] forget, double[] unseen)
    {
        if (unseen.Length == 0) return new(name, efficacy, direction, double.NaN, double.NaN, double.NaN, double.NaN, MembershipVerdict.Unmeasured, null);
        var curve = RocCurve.Of(forget, unseen);
        var verdict = MembershipVerdicts.Of(curve.Auc, MembershipVerdicts.Errors * curve.ChanceError);
        return new(name, efficacy, direction, curve.Auc, curve.StandardError, curve.ChanceError, curve.TprAtOnePercentFpr, verdict, curve.Thinned());
    }

    private static double[] Correctness(Predictions predictions) =>
        [.. predictions.Labels.Zip(predictions.Predicted, (label, predicted) => label == predicted ? 1.0 : 0)];

    /// <summary>An attack on one number an image.</summary>
    /// <param name="Name">As in tables.</param>
    /// <param name="Of">The number of every image.</param>
    /// <param name="Sign">1 where members have more of it, -1 where less, 0 where that depends on the images.</param>
    private sealed record ScalarAttack(string Name, Func<Predictions, double[]> Of, int Sign);
}
