using System.Text.Json.Serialization;

namespace Lacuna.Evaluation.Membership;

/// <summary>What one membership attack found on one model.</summary>
/// <param name="Attack">Name, one of <see cref="MembershipAttacks.Names"/>; <c>help metrics NAME</c> defines it.</param>
/// <param name="EfficacyPercent">The attack's answer on the forget images as it is published, in percent.</param>
/// <param name="Direction">Whether a high or a low efficacy means forgotten.</param>
/// <param name="Auc">Probability that the attack's score is higher for a forget image than for an unseen image of the same kind, ties counting half. NaN where there is none.</param>
/// <param name="StandardError">Of the AUC (DeLong et al. 1988); NaN for fewer than two images on a side.</param>
/// <param name="ChanceError">Standard error that the AUC of an attack without any knowledge would have about one half, with these numbers of images and these ties.</param>
/// <param name="TprAtOnePercentFpr">Largest share of forget images found by a threshold that at most 1 % of the unseen ones pass, in [0, 1].</param>
/// <param name="Verdict">Two-sided: <see cref="MembershipVerdicts.Of"/> of the AUC and 1.96 chance errors.</param>
/// <param name="Curve">The ROC curve, thinned for drawing; null where there is no unseen image of the kind. Not part of records; the figure "membership" has it.</param>
public sealed record MembershipScore(
    string Attack, double EfficacyPercent, MembershipDirection Direction, double Auc, double StandardError, double ChanceError,
    double TprAtOnePercentFpr, MembershipVerdict Verdict, [property: JsonIgnore] RocCurve? Curve)
{
    /// <summary>The verdict in a few words.</summary>
    public string VerdictText => Verdict.Words();
}
