namespace Lacuna.Data.Cifar;

/// <summary>One published form of a CIFAR set.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Folder">The folder inside the published archive.</param>
/// <param name="Train">The training files in order.</param>
/// <param name="Test">The test file.</param>
/// <param name="Meta">Files of class names: the classes, then the super-classes.</param>
/// <param name="IsHundred">Two labels an image.</param>
/// <param name="IsPython">Pickles of arrays.</param>
internal sealed record CifarForm(string Name, string Folder, string[] Train, string Test, string[] Meta, bool IsHundred, bool IsPython = false);
