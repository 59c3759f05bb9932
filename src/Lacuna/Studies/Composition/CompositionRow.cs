using Lacuna.Evaluation;

namespace Lacuna.Studies.Composition;

/// <summary>One way to forget the unseen set, measured on it.</summary>
/// <param name="Name">The model's or method's name.</param>
/// <param name="Metrics">Its four figures.</param>
/// <param name="Coefficients">Those that were found; null where nothing is composed.</param>
internal sealed record CompositionRow(string Name, UnlearningMetrics Metrics, IReadOnlyList<double>? Coefficients);
