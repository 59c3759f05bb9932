using Lacuna.Evaluation.Membership;

namespace Lacuna.Evaluation;

/// <summary>All that is measured of one model on one split, from one forward pass over each image. Written into run directories as JSON.</summary>
public sealed record ModelMeasurement
{
    /// <summary>UA, RA, TA and MIA: what tables show and gaps are taken of.</summary>
    public required UnlearningMetrics Metrics { get; init; }

    /// <summary>Accuracy on all test images, in percent, whatever is forgotten; null without test images.</summary>
    public required double? TestAccuracyAll { get; init; }

    /// <summary>Accuracy on the test images of the classes and sub-classes that are forgotten whole, in percent; null when there are none.</summary>
    public required double? TestAccuracyForgotten { get; init; }

    /// <summary>One a class, in the order of the labels.</summary>
    public required IReadOnlyList<ClassAccuracy> Classes { get; init; }

    /// <summary>Of all test images.</summary>
    public required PredictionMatrix TestPredictions { get; init; }

    /// <summary>Of the forget images: where they go once they are forgotten.</summary>
    public required PredictionMatrix ForgetPredictions { get; init; }

    /// <summary>Every attack that needs this model only, in the order of <see cref="MembershipAttacks.Names"/>; the first one's efficacy is the table's MIA. Empty where they were not asked for.</summary>
    public required IReadOnlyList<MembershipScore> Membership { get; init; }

    /// <summary>Distance of the outputs to the retrained model's; null where no oracle of this split is at hand.</summary>
    public required OracleDivergence? ToOracle { get; init; }

    /// <summary>ZRF in [0, 1], see <see cref="Evaluation.ZeroRetrainForgetting"/>; null for a network that cannot be drawn anew (TorchScript).</summary>
    public required double? ZeroRetrainForgetting { get; init; }

    /// <summary>Wall-clock seconds that measuring took: forward passes and metrics, without a random network or an oracle seen before.</summary>
    public required double MeasuringSeconds { get; init; }

    /// <summary>Every single number under its symbol of <see cref="MetricDefinitions"/>, in the order of tables; what was not measured is left out.</summary>
    public IEnumerable<(string Symbol, double Value)> Figures()
    {
        (string, double?)[] figures =
        [
            ("UA", Metrics.UnlearningAccuracy), ("RA", Metrics.RetainAccuracy), ("TA", Metrics.TestAccuracy), ("MIA", Metrics.MembershipEfficacy),
            ("TA-all", TestAccuracyAll), ("TA-forgotten", TestAccuracyForgotten),
            ("KL-forget", ToOracle?.KullbackLeibler.Forget), ("KL-retain", ToOracle?.KullbackLeibler.Retain), ("KL-test", ToOracle?.KullbackLeibler.Test),
            ("JS-forget", ToOracle?.JensenShannon.Forget), ("JS-retain", ToOracle?.JensenShannon.Retain), ("JS-test", ToOracle?.JensenShannon.Test),
            ("ZRF", ZeroRetrainForgetting),
        ];
        foreach (var (symbol, value) in figures)
        {
            if (value is { } number) yield return (symbol, number);
        }
    }
}
