namespace Lacuna.Evaluation;

/// <summary>What the membership inference attack found.</summary>
/// <param name="Efficacy">MIA-Efficacy: the share of forget samples taken for non-members, in [0, 1]; higher is better forgotten.</param>
/// <param name="PredictedMember">The attack's answer for each forget sample, in the order given.</param>
/// <param name="PerClass">Members, and as many non-members, that the attack learned from.</param>
/// <param name="Machine">What it learned; its support vectors are close to twice <paramref name="PerClass"/> when it finds little to tell the classes apart.</param>
public sealed record MembershipInferenceResult(double Efficacy, bool[] PredictedMember, int PerClass, RbfSvc Machine);
