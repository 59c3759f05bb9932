using Lacuna.Evaluation;

namespace Lacuna.Runs.Experiments;

/// <summary>What one seed gave.</summary>
/// <param name="Table">One row a model.</param>
/// <param name="Measured">What was measured of each, by name; nothing of what diverged.</param>
internal sealed record SeedMeasurements(ResultTable Table, IReadOnlyDictionary<string, ModelMeasurement> Measured);
