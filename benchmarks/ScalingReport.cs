using Lacuna.Runs;

namespace Lacuna.Benchmarks;

/// <summary>How cost depends on the size of the batch and on the number of forget vectors.</summary>
/// <param name="Environment">On what it was measured.</param>
/// <param name="Network">Architecture.</param>
/// <param name="Rounds">Rounds over everything; the best counts.</param>
/// <param name="Steps">One a step.</param>
/// <param name="Vectors">Of applying forget vectors, with weights that all images share, to a batch; empty where that was not asked for.</param>
internal sealed record ScalingReport(RunEnvironment Environment, string Network, int Rounds, IReadOnlyList<StepScaling> Steps, IReadOnlyList<ScalingPoint> Vectors);
