using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// ResNet-18, 34 and 50 (He et al. 2016), names and weights laid out as in torchvision (conv1, bn1, layer1.0.conv1, layer2.0.downsample.0, …, fc).
/// The ImageNet form is torchvision's: a 7x7 stem of stride 2 and max pooling. The CIFAR form has a 3x3 stem without stride or pooling, and the same
/// names: only conv1 has another shape.
/// </summary>
public sealed class ResNet : StagedClassifier
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly Linear fc;

    /// <param name="architecture">Name in the zoo.</param>
    /// <param name="blocks">Blocks of the four stages.</param>
    /// <param name="bottleneck">Blocks of three convolutions that end four times as wide, instead of two.</param>
    /// <param name="options">Classes and images, the form named.</param>
    internal ResNet(string architecture, IReadOnlyList<int> blocks, bool bottleneck, ModelOptions options) : base(architecture, options)
    {
        conv1 = options.Form == Form.Imagenet
            ? Conv2d(options.Channels, 64, 7, stride: 2, padding: 3, bias: false)
            : Conv2d(options.Channels, 64, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(64);
        var inputs = 64;
        Sequential Stage(int width, int stride, int count) => Sequential(Enumerable.Range(0, count).Select(i =>
        {
            var block = bottleneck
                ? new BottleneckBlock(inputs, width, i == 0 ? stride : 1)
                : (Module<Tensor, Tensor>)new ResidualBlock(inputs, width, i == 0 ? stride : 1, projection: true);
            inputs = bottleneck ? width * BottleneckBlock.Expansion : width;
            return ($"{i}", block);
        }).ToArray());
        layer1 = Stage(64, 1, blocks[0]);
        layer2 = Stage(128, 2, blocks[1]);
        layer3 = Stage(256, 2, blocks[2]);
        layer4 = Stage(512, 2, blocks[3]);
        fc = Linear(inputs, options.Classes);
        RegisterComponents();
        Initialisation.Torchvision(this);
    }

    /// <summary>Training of resnet18 in the CIFAR form is 1.1 times faster; the others were not measured.</summary>
    public override bool PrefersChannelsLast => Architecture == "resnet18" && Options.Form == Form.Cifar;

    /// <inheritdoc/>
    public override bool TakesOtherSizes => true;

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised)
    {
        var stem = functional.relu(bn1.call(conv1.call(normalised)));
        if (Options.Form == Form.Imagenet) stem = Pooled(stem);
        var second = Seen("layer2", layer2.call(Seen("layer1", layer1.call(Seen("conv1", stem)))));
        return Seen("layer4", layer4.call(Seen("layer3", layer3.call(second))));
    }

    private protected override IReadOnlyList<FrozenStage> FrozenStages(bool channelsLast)
    {
        IReadOnlyList<FrozenStage> pooling = Options.Form == Form.Imagenet ? [new FrozenLinearMap(Pooled, isLinear: false)] : [];
        return [Freezing.Convolution(conv1, bn1, channelsLast), .. pooling, .. Freezing.Blocks([layer1, layer2, layer3, layer4], channelsLast), Freezing.Mean, new FrozenLinear(fc, ceiling: null)];
    }

    private static Tensor Pooled(Tensor stem) => functional.max_pool2d(stem, 3, stride: 2, padding: 1);

    /// <inheritdoc/>
    public override Tensor Head(Tensor features) => fc.call(Seen(Penultimate, features.mean([2, 3])));
}
