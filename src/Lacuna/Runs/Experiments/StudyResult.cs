namespace Lacuna.Runs.Experiments;

/// <summary>A study of a task.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Figures">Ids of its figures, which lie in the task's folder of figures.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="LeftOut">Why it was left out; null when it was not.</param>
/// <param name="Failure">Why it failed; null when it did not. It is tried again when the experiment is given again.</param>
public sealed record StudyResult(string Name, IReadOnlyList<string> Figures, double Seconds, string? LeftOut, string? Failure);
