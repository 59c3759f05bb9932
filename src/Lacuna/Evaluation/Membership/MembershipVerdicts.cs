namespace Lacuna.Evaluation.Membership;

/// <summary>Reaches verdicts and puts them into words.</summary>
public static class MembershipVerdicts
{
    /// <summary>Standard errors to either side of one half within which an AUC is taken for chance: 95 % of a normal distribution.</summary>
    public const double Errors = 1.959963984540054;

    /// <summary>Compares an AUC with one half.</summary>
    /// <param name="auc">NaN gives <see cref="MembershipVerdict.Unmeasured"/>.</param>
    /// <param name="halfWidth">Half the width of the interval about one half.</param>
    public static MembershipVerdict Of(double auc, double halfWidth)
    {
        if (double.IsNaN(auc) || double.IsNaN(halfWidth)) return MembershipVerdict.Unmeasured;
        if (Math.Abs(auc - 0.5) <= halfWidth) return MembershipVerdict.Indistinguishable;
        return auc > 0.5 ? MembershipVerdict.Recognisable : MembershipVerdict.OverUnlearned;
    }

    /// <summary>One word for a narrow cell.</summary>
    public static string Word(this MembershipVerdict verdict) => verdict switch
    {
        MembershipVerdict.Recognisable => "recognisable",
        MembershipVerdict.Indistinguishable => "like unseen",
        MembershipVerdict.OverUnlearned => "over-unlearned",
        _ => "not measured",
    };

    /// <summary>A few words for a table.</summary>
    public static string Words(this MembershipVerdict verdict) => verdict switch
    {
        MembershipVerdict.Recognisable => "still recognisable",
        MembershipVerdict.Indistinguishable => "indistinguishable from unseen images",
        MembershipVerdict.OverUnlearned => "over-unlearned: less like members than unseen images are",
        _ => "not measured: no unseen image of this kind",
    };
}
