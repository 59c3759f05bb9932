using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// MobileNetV2 of width 1 (Sandler et al. 2018), names and weights laid out as in torchvision (features.0.0, features.1.conv.0.0, …, classifier.1).
/// The CIFAR form is that of github.com/chenyaofo/pytorch-cifar-models: stride 1 instead of 2 in the stem and in the stage of 24 channels, the same names and shapes.
/// </summary>
public sealed class MobileNetV2 : StagedClassifier
{
    private const int Stem = 32;
    private const int Last = 1280;

    // Table 2 of the paper: expansion, channels, blocks, stride of the first block.
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] _plan =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly Sequential features;
    private readonly Sequential classifier;
    private readonly Module<Tensor, Tensor>[] _layers;
    private readonly Dictionary<int, string> _ends = [];

    /// <param name="options">Classes and images, the form named.</param>
    internal MobileNetV2(ModelOptions options) : base("mobilenet_v2", options)
    {
        var isSmall = options.Form == Form.Cifar;
        List<Module<Tensor, Tensor>> layers = [InvertedResidual.Layer(options.Channels, Stem, 3, isSmall ? 1 : 2)];
        var inputs = Stem;
        EndStage();
        foreach (var (expansion, channels, blocks, stride) in _plan)
        {
            var first = isSmall && channels == 24 ? 1 : stride;
            for (var i = 0; i < blocks; i++)
            {
                layers.Add(new InvertedResidual(inputs, channels, i == 0 ? first : 1, expansion));
                inputs = channels;
            }
            EndStage();
        }
        layers.Add(InvertedResidual.Layer(inputs, Last, 1));
        EndStage();
        _layers = [.. layers];
        features = Sequential(layers);
        classifier = Sequential(new SeededDropout(0.2), Linear(Last, options.Classes));
        RegisterComponents();
        Initialisation.Torchvision(this, linearDeviation: 0.01);

        // Named by the layer in the public names that ends them.
        void EndStage() => _ends[layers.Count - 1] = $"features.{layers.Count - 1}";
    }

    /// <inheritdoc/>
    public override bool TakesOtherSizes => true;

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised) => Through(_layers, normalised, _ends);

    private protected override IReadOnlyList<FrozenStage> FrozenStages(bool channelsLast) =>
    [
        .. features.children().Select(part => part is Sequential layer ? InvertedResidual.FrozenLayer(layer, channelsLast) : ((IFreezable)part).Freeze(channelsLast)),
        Freezing.Mean,
        new FrozenDropout(classifier.children().OfType<SeededDropout>().Single()),
        new FrozenLinear(classifier.children().OfType<Linear>().Single(), ceiling: null),
    ];

    /// <inheritdoc/>
    public override Tensor Head(Tensor features) => classifier.call(Seen(Penultimate, features.mean([2, 3])));
}
