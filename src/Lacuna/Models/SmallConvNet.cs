using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// <c>cnn-s</c>: two strided convolutions (5x5 to 16 channels, 3x3 to 32) with batch norm and ReLU, a hidden layer of 512 and
/// the logits. Strides in place of pooling make it cheap on a CPU; the wide hidden layer lets single images be changed
/// without their whole class. 813,562 parameters for 28x28 grey images and 10 classes.
/// </summary>
public sealed class SmallConvNet : StagedClassifier
{
    private const int Hidden = 512;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Linear fc1;
    private readonly Linear fc2;

    /// <param name="options">Classes and images; the images must be at least 4x4.</param>
    internal SmallConvNet(ModelOptions options) : base("cnn-s", options)
    {
        conv1 = Conv2d(options.Channels, 16, 5, stride: 2, padding: 2, bias: false);
        bn1 = BatchNorm2d(16);
        conv2 = Conv2d(16, 32, 3, stride: 2, padding: 1, bias: false);
        bn2 = BatchNorm2d(32);
        fc1 = Linear(32 * ((options.Height + 3) / 4) * ((options.Width + 3) / 4), Hidden);
        fc2 = Linear(Hidden, options.Classes);
        RegisterComponents();
        Initialisation.KaimingNormal([conv1.weight, conv2.weight]);
    }

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised)
    {
        var first = Seen("conv1", functional.relu(bn1.call(conv1.call(normalised))));
        return Seen("conv2", functional.relu(bn2.call(conv2.call(first))));
    }

    /// <summary>Its strided convolutions are the library's, and no faster so.</summary>
    private protected override bool CompilesChannelsLast => false;

    private protected override IReadOnlyList<FrozenStage> FrozenStages(bool channelsLast) =>
        [Freezing.Convolution(conv1, bn1, channelsLast), Freezing.Convolution(conv2, bn2, channelsLast), Freezing.Flatten, new FrozenLinear(fc1, Freezing.NoCeiling), new FrozenLinear(fc2, ceiling: null)];

    /// <inheritdoc/>
    public override Tensor Head(Tensor features) => fc2.call(Seen(Penultimate, functional.relu(fc1.call(features.flatten(1)))));
}
