using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// 1x1, 3x3 and 1x1 convolutions with batch norm and a shortcut (He et al. 2016, figure 5). The stride is on the 3x3 convolution, as in torchvision since
/// its version 1.5, and not on the first 1x1 as in the paper.
/// </summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>, IFreezable
{
    /// <summary>Channels that leave the block, in widths.</summary>
    public const int Expansion = 4;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;

    public BottleneckBlock(int inputs, int width, int stride) : base(nameof(BottleneckBlock))
    {
        var outputs = width * Expansion;
        conv1 = Conv2d(inputs, width, 1, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, 3, stride: stride, padding: 1, bias: false);
        bn2 = BatchNorm2d(width);
        conv3 = Conv2d(width, outputs, 1, bias: false);
        bn3 = BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
            downsample = Sequential(("0", Conv2d(inputs, outputs, 1, stride: stride, bias: false)), ("1", BatchNorm2d(outputs)));
        RegisterComponents();
    }

    public FrozenStage Freeze(bool channelsLast) => new FrozenResidual(
        new([Freezing.Convolution(conv1, bn1, channelsLast), Freezing.Convolution(conv2, bn2, channelsLast), new FrozenConvolution(conv3, bn3, ceiling: null, channelsLast)]),
        downsample is null ? null : Freezing.Projection(downsample, channelsLast),
        Freezing.NoCeiling);

    public override Tensor forward(Tensor input)
    {
        var residual = functional.relu(bn1.call(conv1.call(input)));
        residual = functional.relu(bn2.call(conv2.call(residual)));
        residual = bn3.call(conv3.call(residual));
        return functional.relu(residual + (downsample is null ? input : downsample.call(input)));
    }
}
