namespace Lacuna.Evaluation.Membership;

/// <summary>What a large efficacy of an attack means. Two conventions are in use, and their figures are not comparable.</summary>
public enum MembershipDirection
{
    /// <summary>The figure is the share of forget images taken for images never trained on: higher is forgotten (SalUn, Unlearn-Sparse, the forget vector).</summary>
    HigherIsForgotten,

    /// <summary>The figure is the share of forget images taken for training images: lower is forgotten (Bad Teacher, SSD, MU-Mis).</summary>
    LowerIsForgotten,
}
