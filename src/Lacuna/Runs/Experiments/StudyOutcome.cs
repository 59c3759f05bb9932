namespace Lacuna.Runs.Experiments;

/// <summary>What came of a study.</summary>
/// <param name="Figures">Ids of its figures.</param>
/// <param name="LeftOut">Why it was not done; null when it was.</param>
public sealed record StudyOutcome(IReadOnlyList<string> Figures, string? LeftOut);
