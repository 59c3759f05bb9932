using Lacuna.Data;

namespace Lacuna.Methods.Training;

/// <summary>The recipes that have a name.</summary>
public static class TrainingPresets
{
    /// <summary>
    /// Few epochs at a high rate (Smith and Topin 2019): with so few the crop is smaller than the usual four pixels and labels stay hard, for a network of 270,000 weights
    /// has no time to overfit. The early crops buy epochs: half of them cost little more than half. 84.16 % of the test images of CIFAR-10 as JPEG files (docs/results.md).
    /// </summary>
    public static TrainingPreset CifarResNet20 { get; } = new("cifar-resnet20", "resnet20", "CIFAR-10, 10 epochs, the first half on crops of 24x24: minutes on two cores", new()
    {
        Epochs = 10, EarlyShare = 0.5, EarlySize = 24, BatchSize = 64, LearningRate = 0.1, Nesterov = true, WeightDecay = 5e-4, WarmupShare = 0.15, Augmentation = new(2, true),
    });

    /// <summary>Six epochs: 96 % of the training and 87 % of the test images. What the demo forgets a class from.</summary>
    public static TrainingPreset FashionCnnS { get; } = new("fashion-cnn-s", "cnn-s", "the bundled images, 6 epochs: seconds; the demo forgets a class from it", new());

    /// <summary>
    /// Fifteen epochs with label smoothing: every training image is learned, and all with about the same margin. What the demo forgets single images from: where margins
    /// differ, changing a typical image takes its weaker neighbours along (see the instance-wise method's README).
    /// </summary>
    public static TrainingPreset FashionCnnSToTheEnd { get; } = new("fashion-cnn-s-to-the-end", "cnn-s", "the bundled images, every one learned; the demo forgets single images from it",
        new() { Epochs = 15, LabelSmoothing = 0.1 });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TrainingPreset> All { get; } = [CifarResNet20, FashionCnnS, FashionCnnSToTheEnd];

    /// <summary>The preset of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TrainingPreset Named(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new ArgumentException($"There is no preset '{name}'. Choose one of: {string.Join(", ", All.Select(preset => preset.Name))}.");
}
