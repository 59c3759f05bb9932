using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A convolution that pads with zeros, the batch norm behind it folded into weight and bias: W' = W * gamma / sqrt(var + eps), b' = (b - mean) * gamma / sqrt(var + eps) + beta.</summary>
internal sealed class FrozenConvolution : FrozenLayer
{
    private readonly Conv2d _layer;
    private readonly BatchNorm2d? _norm;
    private readonly bool _channelsLast;
    private readonly bool _isOwn;
    private Tensor? _filters;
    private Tensor? _adjoint;

    /// <param name="layer">The convolution.</param>
    /// <param name="norm">The batch norm behind it; null for none.</param>
    /// <param name="ceiling">Of the ReLU behind that; null for none.</param>
    /// <param name="channelsLast">Whether activations are.</param>
    public FrozenConvolution(Conv2d layer, BatchNorm2d? norm, float? ceiling, bool channelsLast) : base(ceiling)
    {
        (_layer, _norm, _channelsLast) = (layer, norm, channelsLast);
        // 3x3 filters at every place and one zero around: what our own convolution does.
        _isOwn = channelsLast && layer.groups == 1 && layer.weight!.size(2) == 3 && layer.weight.size(3) == 3
            && layer.stride.All(step => step == 1) && layer.padding!.All(zeros => zeros == 1) && layer.dilation.All(step => step == 1);
    }

    /// <summary>Whether a batch norm is folded in.</summary>
    public bool HasNorm => _norm is not null;

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
        Take(Ordered(weight), bias);
    }

    // As the library's convolutions want it where activations are channels-last; otherwise it would be turned round in every pass.
    private Tensor Ordered(Tensor weight) => _channelsLast ? weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : weight.contiguous();

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingConvolution(_layer, _norm, Ceiling);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, Tensor weight, Tensor? bias) =>
        nn.functional.conv2d(input, weight, bias, _layer.stride, _layer.padding, _layer.dilation, _layer.groups);

    /// <inheritdoc/>
    protected override Tensor? Own(Tensor input, Tensor? bias, Finish finish, TensorKernels kernels)
    {
        if (!_isOwn || !kernels.Convolves3x3(input)) return null;
        _filters ??= TensorKernels.PrepareFilters3x3(Weight, adjoint: false).DetachFromDisposeScope();
        return kernels.Convolve3x3(input, _filters, Weight.size(0), bias, finish.Addend, finish.Gate, finish.Ceiling);
    }

    /// <inheritdoc/>
    protected override bool HasOwnBack(Tensor like, TensorKernels kernels) => _isOwn && kernels.Convolves3x3(like, Weight.size(0));

    /// <inheritdoc/>
    protected override Tensor OwnBack(Tensor gradient, Finish finish, TensorKernels kernels)
    {
        _adjoint ??= TensorKernels.PrepareFilters3x3(Weight, adjoint: true).DetachFromDisposeScope();
        return kernels.Convolve3x3(gradient, _adjoint, Weight.size(1), null, finish.Addend, finish.Gate, finish.Ceiling);
    }

    /// <inheritdoc/>
    protected override Tensor LibraryBack(Tensor gradient, Tensor like)
    {
        // Rows and columns at the end that a stride left no filter for: their gradient is zero.
        long Left(int side) => like.size(2 + side) - ((gradient.size(2 + side) - 1) * _layer.stride[side] - 2 * _layer.padding![side] + _layer.dilation[side] * (Weight.size(2 + side) - 1) + 1);
        return nn.functional.conv_transpose2d(gradient, Weight, null, _layer.stride, _layer.padding, [Left(0), Left(1)], _layer.dilation, _layer.groups);
    }

    /// <inheritdoc/>
    protected override Tensor? OwnProduct(Tensor input, Tensor adjoint, TensorKernels kernels) => HasOwnBack(adjoint, kernels) ? kernels.FilterGradient3x3(input, adjoint) : null;

    /// <inheritdoc/>
    public override LayerImportance Importance(ImportanceMeasure measure) => new ConvolutionLayerImportance(this, _layer, _norm, measure);

    /// <summary>The convolution on such images.</summary>
    public ConvolutionShape ShapeFor(Tensor input) => new(input.size(0), (int)_layer.in_channels, (int)input.size(2), (int)input.size(3), (int)_layer.out_channels,
        (int)_layer.kernel_size[0], (int)_layer.kernel_size[1], (int)_layer.stride[0], (int)_layer.stride[1], (int)_layer.padding![0], (int)_layer.padding[1],
        (int)_layer.dilation[0], (int)_layer.dilation[1], (int)_layer.groups);

    /// <summary>The convolution without a bias, by the weights as they are folded or as the network has them. The caller owns what leaves it.</summary>
    public Tensor Convolved(Tensor input, bool folded, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var output = folded ? Own(input, null, default, kernels) ?? Apply(input, Weight, null) : Apply(input, Ordered(_layer.weight!.detach()), null);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _filters?.Dispose();
        _adjoint?.Dispose();
        (_filters, _adjoint) = (null, null);
    }

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
