namespace Lacuna.Evaluation;

/// <summary>What a model says of all images of a split, each seen once: every metric of a model, and its distance to another, is computed from it.</summary>
/// <param name="Forget">Training images that are to be forgotten.</param>
/// <param name="Retain">All other training images.</param>
/// <param name="Test">Test images without those of the classes and sub-classes that are forgotten whole.</param>
/// <param name="TestForget">Test images of those classes and sub-classes; none when single images are forgotten.</param>
public sealed record SplitPredictions(Predictions Forget, Predictions Retain, Predictions Test, Predictions TestForget);
