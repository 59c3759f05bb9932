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

    /// <summary>Mean absolute distance of the four figures to the retrained model's, in points. 0 for the oracle itself.</summary>
    public double AverageGapTo(UnlearningMetrics oracle) =>
        (Math.Abs(UnlearningAccuracy - oracle.UnlearningAccuracy) + Math.Abs(RetainAccuracy - oracle.RetainAccuracy)
            + Math.Abs(TestAccuracy - oracle.TestAccuracy) + Math.Abs(MembershipEfficacy - oracle.MembershipEfficacy)) / 4;
}
