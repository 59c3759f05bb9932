namespace Lacuna.Evaluation;

/// <summary>Accuracy on the images of one class, in percent; null where there is no such image.</summary>
/// <param name="Class">Index.</param>
/// <param name="Name">Of the class.</param>
/// <param name="Forget">Over its forget images.</param>
/// <param name="Retain">Over its retain images.</param>
/// <param name="Test">Over all its test images.</param>
public sealed record ClassAccuracy(int Class, string Name, double? Forget, double? Retain, double? Test);
