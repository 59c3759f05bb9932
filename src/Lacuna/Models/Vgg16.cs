using Lacuna.Models.Frozen;
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

    private static readonly Dictionary<int, string> _noEnds = [];

    private readonly Sequential features;
    private readonly Module<Tensor, Tensor> classifier;
    private readonly Module<Tensor, Tensor>[] _layers;
    private readonly Module<Tensor, Tensor>[] _classifierLayers;
    private readonly Dictionary<int, string> _ends = [];

    /// <param name="options">Classes and images of at least 32x32, the form named.</param>
    internal Vgg16(ModelOptions options) : base("vgg16_bn", options)
    {
        List<Module<Tensor, Tensor>> layers = [];
        var channels = options.Channels;
        foreach (var outputs in _plan)
        {
            if (outputs == 0)
            {
                EndStage();
                layers.Add(MaxPool2d(2));
                continue;
            }
            layers.AddRange([Conv2d(channels, outputs, 3, padding: 1), BatchNorm2d(outputs), ReLU()]);
            channels = outputs;
        }
        EndStage();
        _layers = [.. layers];
        features = Sequential(layers);
        _classifierLayers = options.Form == Form.Imagenet
            ?
            [
                Linear(channels * Pooled * Pooled, Hidden), ReLU(), new SeededDropout(0.5),
                Linear(Hidden, Hidden), ReLU(), new SeededDropout(0.5),
                Linear(Hidden, options.Classes),
            ]
            : [Linear(channels, options.Classes)];
        classifier = options.Form == Form.Imagenet ? Sequential(_classifierLayers) : _classifierLayers[0];
        RegisterComponents();
        Initialisation.Torchvision(this, linearDeviation: 0.01);

        // A stage ends before the image is halved.
        void EndStage() => _ends[layers.Count - 1] = $"stage{_ends.Count + 1}";
    }

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised) => Through(_layers, normalised, _ends);

    private protected override IReadOnlyList<FrozenStage> FrozenStages(bool channelsLast)
    {
        var layers = features.children().ToArray();
        List<FrozenStage> stages = [];
        for (var i = 0; i < layers.Length; i++)
        {
            if (layers[i] is Conv2d convolution) stages.Add(Freezing.Convolution(convolution, (BatchNorm2d)layers[i + 1], channelsLast));
            else if (layers[i] is MaxPool2d) stages.Add(new FrozenLinearMap(Halved, isLinear: false));
        }
        stages.Add(new FrozenLinearMap(Halved, isLinear: false));
        stages.Add(Options.Form == Form.Imagenet ? new FrozenLinearMap(Averaged, isLinear: true) : Freezing.Mean);
        foreach (var layer in _classifierLayers)
        {
            if (layer is Linear linear) stages.Add(new FrozenLinear(linear, linear == _classifierLayers[^1] ? null : Freezing.NoCeiling));
            else if (layer is SeededDropout dropout) stages.Add(new FrozenDropout(dropout));
        }
        return stages;
    }

    private static Tensor Halved(Tensor activations) => functional.max_pool2d(activations, 2);

    private static Tensor Averaged(Tensor activations) => functional.adaptive_avg_pool2d(activations, Pooled).flatten(1);

    /// <inheritdoc/>
    public override Tensor Head(Tensor features)
    {
        var halved = Halved(features);
        var pooled = Options.Form == Form.Imagenet ? Averaged(halved) : halved.mean([2, 3]);
        // All layers but the last, of which the CIFAR form has none.
        var hidden = Through(_classifierLayers[..^1], pooled, _noEnds);
        return _classifierLayers[^1].call(Seen(Penultimate, hidden));
    }
}
