using Lacuna.Evaluation.Membership;
using Lacuna.Methods;

namespace Lacuna.Studies.ULira;

/// <summary>How many shadow networks the likelihood-ratio attack makes.</summary>
public sealed record ULiraOptions
{
    /// <summary>Shadow pairs: each costs one training, one retraining and one run of every method. Published work takes 64 to 256; three, the fewest, tell coarse differences only.</summary>
    public int Shadows { get; init; } = 3;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate() => Check.AtLeast(Shadows, LikelihoodRatio.FewestPairs, nameof(Shadows));
}
