using Lacuna.Data;
using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>An experiment, read and checked as far as that is possible without its data.</summary>
/// <param name="Name">Its name; the default folder's too.</param>
/// <param name="About">What it is for, in a sentence or two.</param>
/// <param name="Source">The paper's table or figure that it renders; null for none.</param>
/// <param name="Data">Which data.</param>
/// <param name="Seeds">Everything is done once a seed.</param>
/// <param name="Metrics">What is measured besides the table's figures.</param>
/// <param name="Tasks">What is forgotten.</param>
/// <param name="Expected">Where figures should lie.</param>
/// <param name="ExpectedNote">Why no range is given, or where they come from; null for nothing.</param>
/// <param name="File">Path of the file or name of the preset, for messages.</param>
/// <param name="Text">The file as it was read.</param>
public sealed record ExperimentPlan(
    string Name, string About, string? Source, DataRequest Data, IReadOnlyList<ulong> Seeds, MetricGroups Metrics, IReadOnlyList<PlannedTask> Tasks, IReadOnlyList<ExpectedRange> Expected, string? ExpectedNote,
    string File, string Text);
