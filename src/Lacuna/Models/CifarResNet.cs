using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// The CIFAR form of the residual network with 6n+2 layers (He et al. 2016, section 4.2): three stages of n blocks with
/// 16, 32 and 64 channels and parameter-free shortcuts ("option A": every second pixel, zero channels on both sides).
/// Parameter names equal those of the public PyTorch checkpoints (conv1, bn1, layer1.0.conv1, …, linear).
/// </summary>
public sealed class CifarResNet : StagedClassifier
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear linear;

    /// <param name="architecture">Name in the zoo.</param>
    /// <param name="blocksPerStage">n of 6n+2: 3 for resnet20, 5, 7 and 9 for resnet32, 44 and 56.</param>
    /// <param name="options">Classes and images.</param>
    internal CifarResNet(string architecture, int blocksPerStage, ModelOptions options) : base(architecture, options)
    {
        conv1 = Conv2d(options.Channels, 16, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(16);
        layer1 = Stage(16, 16, 1, blocksPerStage);
        layer2 = Stage(16, 32, 2, blocksPerStage);
        layer3 = Stage(32, 64, 2, blocksPerStage);
        linear = Linear(64, options.Classes);
        RegisterComponents();
        Initialisation.KaimingNormal(this);
    }

    /// <summary>Training is 1.25 times faster, evaluation 1.2 times.</summary>
    public override bool PrefersChannelsLast => true;

    private static Sequential Stage(int inputs, int outputs, int stride, int blocks) =>
        Sequential(Enumerable.Range(0, blocks).Select(i =>
            ($"{i}", (Module<Tensor, Tensor>)new ResidualBlock(i == 0 ? inputs : outputs, outputs, i == 0 ? stride : 1, projection: false))));

    /// <inheritdoc/>
    public override bool TakesOtherSizes => true;

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised)
    {
        var stem = Seen("conv1", functional.relu(bn1.call(conv1.call(normalised))));
        var second = Seen("layer2", layer2.call(Seen("layer1", layer1.call(stem))));
        return Seen("layer3", layer3.call(second));
    }

    private protected override IReadOnlyList<FrozenStage> FrozenStages(bool channelsLast) =>
        [Freezing.Convolution(conv1, bn1, channelsLast), .. Freezing.Blocks([layer1, layer2, layer3], channelsLast), Freezing.Mean, new FrozenLinear(linear, ceiling: null)];

    /// <inheritdoc/>
    public override Tensor Head(Tensor features) => linear.call(Seen(Penultimate, features.mean([2, 3])));
}
