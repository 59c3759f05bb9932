using Lacuna.Evaluation;

namespace Lacuna.Runs;

/// <summary>One line of a result table.</summary>
/// <param name="Name">Original, retrain, or the method.</param>
/// <param name="Metrics">Measured figures in percent.</param>
/// <param name="AverageGap">Distance to the oracle in points; null where no oracle of this split was measured.</param>
/// <param name="Seconds">Time of the method itself; null for a model that was only loaded.</param>
/// <param name="Steps">Updates made; null for a model that was only loaded.</param>
/// <param name="StopReason">Why the method ended.</param>
public sealed record ResultRow(string Name, UnlearningMetrics Metrics, double? AverageGap, double? Seconds, int? Steps, string? StopReason);
