namespace Lacuna.Runs.Experiments;

/// <summary>Everything an experiment found: printed, written as JSON and as markdown from this one record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What it is for.</param>
/// <param name="Source">The paper's table or figure; null for none.</param>
/// <param name="Data">The training set's name.</param>
/// <param name="Environment">On what the last process worked.</param>
/// <param name="Seeds">Everything was done once a seed.</param>
/// <param name="Tasks">One a forget set.</param>
/// <param name="Expected">What was expected, and whether it came.</param>
/// <param name="ExpectedNote">A sentence about that; null for none.</param>
/// <param name="TotalSeconds">What the last process took; less than everything when it found items done.</param>
public sealed record ExperimentResult(
    string Name, string About, string? Source, string Data, RunEnvironment Environment, IReadOnlyList<ulong> Seeds, IReadOnlyList<TaskResult> Tasks, IReadOnlyList<ExpectedFinding> Expected,
    string? ExpectedNote, double TotalSeconds);
