using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// <c>cnn-s</c>: two 3x3 convolutions (16 and 32 channels) with batch norm, ReLU and 2x2 max-pooling each, a hidden layer of
/// 256 and the logits. 409,082 parameters for 28x28 grey images and 10 classes.
/// </summary>
public sealed class SmallConvNet : Classifier
{
    private const int Hidden = 256;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Linear fc1;
    private readonly Linear fc2;

    /// <param name="options">Classes and images; the images must be at least 4x4.</param>
    public SmallConvNet(ModelOptions options) : base("cnn-s", options)
    {
        if (options.Height < 4 || options.Width < 4)
            throw new ArgumentException($"cnn-s halves the image twice and needs at least 4x4 pixels, not {options.Height}x{options.Width}.");
        conv1 = Conv2d(options.Channels, 16, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(16);
        conv2 = Conv2d(16, 32, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(32);
        fc1 = Linear(32 * (options.Height / 4) * (options.Width / 4), Hidden);
        fc2 = Linear(Hidden, options.Classes);
        RegisterComponents();
        Initialisation.KaimingNormal([conv1.weight, conv2.weight]);
    }

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised)
    {
        var first = functional.max_pool2d(functional.relu(bn1.call(conv1.call(normalised))), 2);
        return functional.relu(bn2.call(conv2.call(first)));
    }

    /// <inheritdoc/>
    public override Tensor Head(Tensor features)
    {
        var pooled = functional.max_pool2d(features, 2).flatten(1);
        return fc2.call(functional.relu(fc1.call(pooled)));
    }
}
