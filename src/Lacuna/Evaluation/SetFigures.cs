namespace Lacuna.Evaluation;

/// <summary>One quantity over the three sets of images; null where a set is empty.</summary>
/// <param name="Forget">Over the forget images.</param>
/// <param name="Retain">Over the retain images.</param>
/// <param name="Test">Over all test images.</param>
public sealed record SetFigures(double? Forget, double? Retain, double? Test);
