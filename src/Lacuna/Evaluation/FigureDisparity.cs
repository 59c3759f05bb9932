namespace Lacuna.Evaluation;

/// <summary>One figure over seeds, and how far it lies from the oracle's.</summary>
/// <param name="Symbol">Of <see cref="MetricDefinitions"/>.</param>
/// <param name="Model">The model's figure.</param>
/// <param name="Oracle">The retrained model's; null where there is none.</param>
/// <param name="Difference">Model - oracle of the same seed; its sign says which lies higher, and its mean is the difference of the means.</param>
/// <param name="Distance">|model - oracle| of the same seed: seeds that miss to both sides do not cancel.</param>
public sealed record FigureDisparity(string Symbol, Interval Model, Interval? Oracle, Interval? Difference, Interval? Distance);
