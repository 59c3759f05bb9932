using Lacuna.Evaluation.Membership;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Lacuna.Studies.ULira;

/// <summary>What the attack found of one method.</summary>
/// <param name="Name">The method, or "original" for networks that were not unlearned at all.</param>
/// <param name="Auc">Mean over pairs of the AUC of the likelihood ratio, unlearned against never seen.</param>
/// <param name="HalfWidth">Half the width of its 95 % interval: Student's over pairs.</param>
/// <param name="TprAtOnePercentFpr">Mean over pairs, in [0, 1].</param>
/// <param name="ConfidenceAuc">Mean over pairs of the AUC of the confidence itself: above one half the unlearned networks are surer of the true labels than those that never saw the images.</param>
/// <param name="Curves">One ROC curve a pair.</param>
public sealed record ULiraResult(string Name, double Auc, double HalfWidth, double TprAtOnePercentFpr, double ConfidenceAuc, IReadOnlyList<RocCurve> Curves)
{
    /// <summary>Judges a method.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unlearned">Scaled confidences [pair][image] by the unlearned networks.</param>
    /// <param name="unseen">The same images by networks that never saw them.</param>
    public static ULiraResult Of(string name, double[][] unlearned, double[][] unseen)
    {
        var scores = LikelihoodRatio.LeaveOneOut(unlearned, unseen);
        RocCurve[] curves = [.. scores.Unlearned.Zip(scores.Unseen, RocCurve.Of)];
        var areas = curves.Select(curve => curve.Auc).ToArray();
        var halfWidth = StudentT.InvCDF(0, 1, areas.Length - 1, 0.975) * areas.StandardDeviation() / Math.Sqrt(areas.Length);
        return new(name, areas.Average(), halfWidth, curves.Average(curve => curve.TprAtOnePercentFpr), unlearned.Zip(unseen, RocCurve.Of).Average(curve => curve.Auc), curves);
    }

    /// <summary>Two-sided: what gives a method away may be too much confidence or too little.</summary>
    public string Verdict => MembershipVerdicts.Of(Auc, HalfWidth) switch
    {
        MembershipVerdict.Indistinguishable => "indistinguishable from networks that never saw the images",
        MembershipVerdict.Recognisable when ConfidenceAuc >= 0.5 => "still recognisable: surer of the images than networks that never saw them",
        MembershipVerdict.Recognisable => "over-unlearned: recognisable by less confidence than networks have that never saw the images",
        _ => "below chance: the Gaussians do not fit these shadows; take more of them",
    };

    /// <summary>Mean true positive rate of the pairs at a false positive rate, each curve taken as steps.</summary>
    public double TruePositiveRateAt(double falsePositiveRate) =>
        Curves.Average(curve => curve.TruePositiveRates.Where((_, i) => curve.FalsePositiveRates[i] <= falsePositiveRate).Max());
}
