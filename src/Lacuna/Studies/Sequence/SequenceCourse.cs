namespace Lacuna.Studies.Sequence;

/// <summary>What one method did over a whole sequence.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Steps">The original first, then one a request.</param>
/// <param name="Failure">The sentence with which it ended early; null when it did not.</param>
internal sealed record SequenceCourse(string Method, IReadOnlyList<SequenceStep> Steps, string? Failure);
