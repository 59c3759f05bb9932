using Lacuna.Gpu;
using Lacuna.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>
/// Importance of a convolution and of the batch norm that is folded into it. With s = gamma / sqrt(var + eps) and d the gradient by the norm's output an image's own gradients are
/// s times that by the folded weight for the weight, sum(d) for the shift, s sum(d) for the convolution's bias, and for gamma sum(d (z + b - mean)) / sqrt(var + eps). What leaves the
/// convolution, z, is made again: the pass has only what is behind the addition and the ReLU.
/// </summary>
internal sealed class ConvolutionLayerImportance : LayerImportance
{
    // Below it s z is no longer float32's z times s.
    private const double LeastGamma = 1e-20;

    private readonly FrozenConvolution _layer;
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d? _norm;
    private readonly ImportanceMeasure _measure;
    private readonly List<Tensor> _owned = [];
    private readonly Tensor _weight;
    private readonly Tensor? _shift;
    private readonly Tensor? _gain;
    private readonly Tensor? _mean;
    private readonly Tensor? _variance;
    private readonly bool _isFolded;

    public ConvolutionLayerImportance(FrozenConvolution layer, Conv2d convolution, BatchNorm2d? norm, ImportanceMeasure measure)
    {
        (_layer, _convolution, _norm, _measure) = (layer, convolution, norm, measure);
        using var scope = NewDisposeScope();
        _weight = Own(zeros_like(convolution.weight!));
        if ((norm?.bias ?? convolution.bias) is { } shift) _shift = Own(zeros_like(shift));
        if (norm is null) return;
        _gain = Own(zeros_like(norm.weight!));
        var gamma = norm.weight!.detach();
        var mean = convolution.bias is null ? norm.running_mean! : norm.running_mean! - convolution.bias.detach();
        // From s z, as the folded weights make it: sum(d (s z - s (mean - b))) / |gamma|, of the same size. A gamma of zero has no such way.
        _isFolded = gamma.abs().min().ToDouble() > LeastGamma;
        _mean = Own(_isFolded ? mean * Scale() : mean.clone());
        _variance = Own(_isFolded ? gamma.square() : norm.running_var! + norm.eps);
    }

    /// <inheritdoc/>
    public override void Add(Tensor input, Tensor adjoint, float share, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        kernels.AccumulateConvolutionImportance(input, adjoint, _weight, _layer.ShapeFor(input), share, _measure);
        if (_norm is not null)
            kernels.AccumulateAffineImportance(_layer.Convolved(input, _isFolded, kernels), adjoint, _mean!, _variance!, 0, _gain!, _shift!, share, _measure);
        else if (_shift is not null)
            kernels.AccumulateBiasImportance(adjoint.contiguous(), _shift, share, _measure);
    }

    /// <inheritdoc/>
    public override IEnumerable<(nn.Module Module, string Parameter, Tensor Omega)> Finish()
    {
        using var scope = NewDisposeScope();
        List<(nn.Module, string, Tensor)> omegas = [(_convolution, "weight", _weight.alias().DetachFromDisposeScope())];
        if (_norm is null)
        {
            if (_shift is not null) omegas.Add((_convolution, "bias", _shift.alias().DetachFromDisposeScope()));
            return omegas;
        }
        var scale = _measure == ImportanceMeasure.Squared ? Scale().square() : Scale().abs();
        _weight.mul_(scale.reshape(-1, 1, 1, 1));
        if (_convolution.bias is not null) omegas.Add((_convolution, "bias", (_shift! * scale).DetachFromDisposeScope()));
        omegas.Add((_norm, "weight", _gain!.alias().DetachFromDisposeScope()));
        omegas.Add((_norm, "bias", _shift!.alias().DetachFromDisposeScope()));
        return omegas;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var tensor in _owned) tensor.Dispose();
    }

    private Tensor Scale() => _norm!.weight!.detach() / (_norm.running_var! + _norm.eps).sqrt();

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
