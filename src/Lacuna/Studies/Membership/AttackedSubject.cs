using Lacuna.Evaluation;
using Lacuna.Evaluation.Membership;

namespace Lacuna.Studies.Membership;

/// <summary>A model's answers and what the attacks made of them.</summary>
/// <param name="Name">The subject's.</param>
/// <param name="Retain">Training images that are kept.</param>
/// <param name="Forget">Training images that were to be forgotten.</param>
/// <param name="Unseen">Test images of the same kind as the forget images.</param>
/// <param name="Scores">One an attack, in the order of <see cref="MembershipAttacks.Names"/>.</param>
internal sealed record AttackedSubject(string Name, Predictions Retain, Predictions Forget, Predictions Unseen, IReadOnlyList<MembershipScore> Scores);
