namespace Lacuna.Data;

/// <summary>A data set's two halves.</summary>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">The images held out.</param>
public sealed record ImagePair(ImageSet Train, ImageSet Test);
