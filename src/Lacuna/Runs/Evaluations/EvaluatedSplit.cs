using Lacuna.Evaluation;

namespace Lacuna.Runs.Evaluations;

/// <summary>All networks of the given runs on one split.</summary>
/// <param name="Runs">The runs that have the split.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Table">One row a network.</param>
/// <param name="Oracle">Where the oracle is from, or why there is none.</param>
/// <param name="Measurements">All that was measured of each, by the row's name.</param>
public sealed record EvaluatedSplit(IReadOnlyList<string> Runs, ulong Seed, ResultTable Table, string Oracle, IReadOnlyDictionary<string, ModelMeasurement> Measurements);
