using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// Two 3x3 convolutions with batch norm and a shortcut (He et al. 2016). Where the shape changes the shortcut is either
/// a 1x1 projection named <c>downsample</c> as in torchvision, or free of parameters: every second pixel, zero channels around.
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>, IFreezable
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;
    private readonly int _stride;
    private readonly int _newChannels;

    public ResidualBlock(int inputs, int outputs, int stride, bool projection) : base(nameof(ResidualBlock))
    {
        conv1 = Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(outputs);
        conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(outputs);
        if (projection && (stride != 1 || inputs != outputs))
            downsample = Sequential(("0", Conv2d(inputs, outputs, 1, stride: stride, bias: false)), ("1", BatchNorm2d(outputs)));
        _stride = stride;
        _newChannels = outputs - inputs;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var residual = bn2.call(conv2.call(functional.relu(bn1.call(conv1.call(input)))));
        return functional.relu(residual + Shortcut(input));
    }

    public FrozenStage Freeze(bool channelsLast) => new FrozenResidual(
        new([Freezing.Convolution(conv1, bn1, channelsLast), new FrozenConvolution(conv2, bn2, ceiling: null, channelsLast)]),
        downsample is not null ? Freezing.Projection(downsample, channelsLast) : IsPlain ? null : new FrozenSampling(Shortcut, _stride, _newChannels / 2),
        Freezing.NoCeiling);

    private bool IsPlain => _stride == 1 && _newChannels == 0;

    private Tensor Shortcut(Tensor input)
    {
        if (downsample is not null) return downsample.call(input);
        if (IsPlain) return input;
        var sampled = input.slice(2, 0, input.size(2), _stride).slice(3, 0, input.size(3), _stride);
        return functional.pad(sampled, [0, 0, 0, 0, _newChannels / 2, _newChannels - _newChannels / 2]);
    }
}
