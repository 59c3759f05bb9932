using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// VGG-16 with batch norm (Simonyan and Zisserman 2015, configuration D), names and weights laid out as in torchvision: features.N, and in the ImageNet form
/// classifier.0, classifier.3 and classifier.6 behind a 7x7 average pooling and dropout. The CIFAR form has one linear layer from 512 channels named
/// <c>classifier</c>, as github.com/kuangliu/pytorch-cifar and what derives from it publish. Both halve the image five times.
/// </summary>
public sealed class Vgg16 : StagedClassifier
{
    private const int Pooled = 7;
    private const int Hidden = 4096;

    // Channels of the convolutions; 0 halves the image. The last halving is the head's, so that Grad-CAM sees what lies before it.
    private static readonly int[] _plan = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512];

    private readonly Sequential features;
    private readonly Module<Tensor, Tensor> classifier;

    /// <param name="options">Classes and images of at least 32x32, the form named.</param>
    internal Vgg16(ModelOptions options) : base("vgg16_bn", options)
    {
        List<Module<Tensor, Tensor>> layers = [];
        var channels = options.Channels;
        foreach (var outputs in _plan)
        {
            if (outputs == 0)
            {
                layers.Add(MaxPool2d(2));
                continue;
            }
            layers.AddRange([Conv2d(channels, outputs, 3, padding: 1), BatchNorm2d(outputs), ReLU()]);
            channels = outputs;
        }
        features = Sequential(layers);
        classifier = options.Form == Form.Imagenet
            ? Sequential(
                Linear(channels * Pooled * Pooled, Hidden), ReLU(), new SeededDropout(0.5),
                Linear(Hidden, Hidden), ReLU(), new SeededDropout(0.5),
                Linear(Hidden, options.Classes))
            : Linear(channels, options.Classes);
        RegisterComponents();
        Initialisation.Torchvision(this, linearDeviation: 0.01);
    }

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised) => features.call(normalised);

    /// <inheritdoc/>
    public override Tensor Head(Tensor features)
    {
        var halved = functional.max_pool2d(features, 2);
        return classifier.call(Options.Form == Form.Imagenet ? functional.adaptive_avg_pool2d(halved, Pooled).flatten(1) : halved.mean([2, 3]));
    }
}
