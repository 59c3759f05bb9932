using Lacuna.Methods;

namespace Lacuna.Studies.Membership;

/// <summary>How the membership figure is drawn.</summary>
public sealed record MembershipOptions
{
    /// <summary>Bins of the histograms of confidence, over [0, 1].</summary>
    public int Bins { get; init; } = 20;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate() => Check.AtLeast(Bins, 2, nameof(Bins));
}
