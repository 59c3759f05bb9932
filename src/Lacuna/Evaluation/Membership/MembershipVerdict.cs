namespace Lacuna.Evaluation.Membership;

/// <summary>Which side of chance an attack is on, and whether it is far enough from it to be told apart.</summary>
public enum MembershipVerdict
{
    /// <summary>There is no unseen image of the forgotten kind, so nothing can be said.</summary>
    Unmeasured,

    /// <summary>AUC above the interval about one half: the forget images still look more like training images than unseen ones of their kind do.</summary>
    Recognisable,

    /// <summary>AUC inside the interval about one half.</summary>
    Indistinguishable,

    /// <summary>AUC below the interval: the forget images look less like training images than unseen ones do, which gives them away as well.</summary>
    OverUnlearned,
}
