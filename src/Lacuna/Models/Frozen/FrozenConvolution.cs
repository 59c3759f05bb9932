using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A convolution that pads with zeros, the batch norm behind it folded into weight and bias: W' = W * gamma / sqrt(var + eps), b' = (b - mean) * gamma / sqrt(var + eps) + beta.</summary>
internal sealed class FrozenConvolution : FrozenLayer
{
    private readonly Conv2d _layer;
    private readonly BatchNorm2d? _norm;
    private readonly bool _channelsLast;

    /// <param name="layer">The convolution.</param>
    /// <param name="norm">The batch norm behind it; null for none.</param>
    /// <param name="ceiling">Of the ReLU behind that; null for none.</param>
    /// <param name="channelsLast">Whether activations are.</param>
    public FrozenConvolution(Conv2d layer, BatchNorm2d? norm, float? ceiling, bool channelsLast) : base(ceiling)
    {
        (_layer, _norm, _channelsLast) = (layer, norm, channelsLast);
        Fold();
    }

    /// <inheritdoc/>
    public override void Fold()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var weight = _layer.weight!.detach();
        var bias = _layer.bias?.detach();
        if (_norm is not null)
        {
            var scale = Scale();
            weight = weight * scale.reshape(-1, 1, 1, 1);
            bias = ((bias ?? zeros_like(scale)) - _norm.running_mean!) * scale + _norm.bias!.detach();
        }
        // As the library's convolutions want it where activations are channels-last; otherwise it would be turned round in every pass.
        weight = _channelsLast ? weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : weight.contiguous();
        Take(weight, bias);
    }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, Tensor weight, Tensor? bias) =>
        nn.functional.conv2d(input, weight, bias, _layer.stride, _layer.padding, _layer.dilation, _layer.groups);

    /// <inheritdoc/>
    public override IEnumerable<(nn.Module Module, string Parameter, Tensor Gradient)> Gradients(Tensor product)
    {
        if (_norm is null) return [(_layer, "weight", product.contiguous())];
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var scale = Scale();
        // W' = W * gamma / sigma by output channel: the product rule.
        var byWeight = (product * scale.reshape(-1, 1, 1, 1)).contiguous();
        var byGamma = (product * _layer.weight!.detach()).flatten(1).sum(1) / Deviation();
        return [(_layer, "weight", byWeight.MoveToOuterDisposeScope()), (_norm, "weight", byGamma.MoveToOuterDisposeScope())];
    }

    private Tensor Scale() => _norm!.weight!.detach() / Deviation();

    private Tensor Deviation() => (_norm!.running_var! + _norm.eps).sqrt();
}
