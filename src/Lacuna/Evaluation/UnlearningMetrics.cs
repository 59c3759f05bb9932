using Lacuna.Numerics;

namespace Lacuna.Evaluation;

/// <summary>
/// The figures by which unlearning is judged, all in percent. Their definitions are those of the forget-vector and
/// unlearn-sparse papers; see <see cref="MetricDefinitions"/>.
/// </summary>
/// <param name="UnlearningAccuracy">UA: 100 - accuracy on the forget images.</param>
/// <param name="RetainAccuracy">RA: accuracy on the retain images.</param>
/// <param name="TestAccuracy">TA: accuracy on the test images, without those of classes and sub-classes that are forgotten whole.</param>
/// <param name="MembershipEfficacy">MIA: share of forget images that a membership attack takes for images never trained on.</param>
public sealed record UnlearningMetrics(double UnlearningAccuracy, double RetainAccuracy, double TestAccuracy, double MembershipEfficacy)
{
    /// <summary>Nothing was measured: every figure is NaN.</summary>
    public static UnlearningMetrics None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The four figures from what a model says of forget, retain and test images, the last without those of forgotten classes.</summary>
    /// <param name="forget">At least one.</param>
    /// <param name="retain">At least one.</param>
    /// <param name="test">At least one.</param>
    /// <param name="draws">Choose the members or non-members of the attack where there are more of the one than of the other: the same ones for every model.</param>
    public static UnlearningMetrics Of(Predictions forget, Predictions retain, Predictions test, DrawSource draws)
    {
        var attack = MembershipInference.Attack(
            [.. retain.LabelConfidence], [.. test.LabelConfidence], [.. forget.LabelConfidence],
            (of, count) => draws.Choose(count, of, DrawPurpose.MembershipSample, 0));
        return Of(forget, retain, test, 100 * attack.Efficacy);
    }

    /// <summary>As above, with the attack's efficacy known.</summary>
    public static UnlearningMetrics Of(Predictions forget, Predictions retain, Predictions test, double efficacyPercent) =>
        new(100 - forget.AccuracyPercent, retain.AccuracyPercent, test.AccuracyPercent, efficacyPercent);

    /// <summary>Mean absolute distance of the four figures to the retrained model's, in points. 0 for the oracle itself.</summary>
    public double AverageGapTo(UnlearningMetrics oracle) =>
        (Math.Abs(UnlearningAccuracy - oracle.UnlearningAccuracy) + Math.Abs(RetainAccuracy - oracle.RetainAccuracy)
            + Math.Abs(TestAccuracy - oracle.TestAccuracy) + Math.Abs(MembershipEfficacy - oracle.MembershipEfficacy)) / 4;
}
