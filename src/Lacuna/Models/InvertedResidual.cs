using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// MobileNetV2's block (Sandler et al. 2018, table 1): a 1x1 convolution widens, a 3x3 one works on each channel by itself, a 1x1 one without nonlinearity
/// narrows; where shape allows, the input is added. Widening is left out where the expansion is 1.
/// </summary>
internal sealed class InvertedResidual : Module<Tensor, Tensor>, IFreezable
{
    private readonly Sequential conv;
    private readonly bool _isAdded;

    public InvertedResidual(int inputs, int outputs, int stride, int expansion) : base(nameof(InvertedResidual))
    {
        var width = inputs * expansion;
        List<Module<Tensor, Tensor>> layers = [];
        if (expansion != 1) layers.Add(Layer(inputs, width, 1));
        layers.Add(Layer(width, width, 3, stride, groups: width));
        layers.Add(Conv2d(width, outputs, 1, bias: false));
        layers.Add(BatchNorm2d(outputs));
        conv = Sequential(layers);
        _isAdded = stride == 1 && inputs == outputs;
        RegisterComponents();
    }

    /// <summary>Convolution, batch norm and ReLU6 under the names 0, 1 and 2.</summary>
    public static Sequential Layer(int inputs, int outputs, int side, int stride = 1, int groups = 1) =>
        Sequential(Conv2d(inputs, outputs, side, stride: stride, padding: side / 2, groups: groups, bias: false), BatchNorm2d(outputs), new Relu6());

    public FrozenStage Freeze(bool channelsLast)
    {
        var layers = conv.children().ToArray();
        var body = new FrozenChain(
        [
            .. layers.OfType<Sequential>().Select(layer => FrozenLayer(layer, channelsLast)),
            new FrozenConvolution(layers.OfType<Conv2d>().Single(), layers.OfType<BatchNorm2d>().Single(), ceiling: null, channelsLast),
        ]);
        return _isAdded ? new FrozenResidual(body, shortcut: null, ceiling: null) : body;
    }

    /// <summary>What <see cref="Layer"/> made, frozen.</summary>
    public static FrozenStage FrozenLayer(Sequential layer, bool channelsLast)
    {
        var parts = layer.children().ToArray();
        return new FrozenConvolution((Conv2d)parts[0], (BatchNorm2d)parts[1], ceiling: 6, channelsLast);
    }

    public override Tensor forward(Tensor input)
    {
        var narrowed = conv.call(input);
        return _isAdded ? input + narrowed : narrowed;
    }

    // TorchSharp has the function, but its module is not among what both stacks have.
    private sealed class Relu6() : Module<Tensor, Tensor>(nameof(Relu6))
    {
        public override Tensor forward(Tensor input)
        {
            // Its gradient in bfloat16 is missing on the CPU before libtorch 2.
            if (input.dtype != ScalarType.BFloat16 || input.device_type != TorchSharp.DeviceType.CPU) return functional.relu6(input);
            using var wide = input.to(ScalarType.Float32);
            using var cut = functional.relu6(wide);
            return cut.to(ScalarType.BFloat16);
        }
    }
}
