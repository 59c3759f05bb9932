namespace Lacuna.Runs.Experiments;

/// <summary>What was found of one forget set.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Title">For people.</param>
/// <param name="Forget">The words of the forget set.</param>
/// <param name="Seeds">One table a seed.</param>
/// <param name="Summary">Over seeds, one row a model.</param>
/// <param name="Studies">What was looked at besides.</param>
public sealed record TaskResult(string Name, string Title, string Forget, IReadOnlyList<SeedResult> Seeds, IReadOnlyList<SummaryRow> Summary, IReadOnlyList<StudyResult> Studies);
