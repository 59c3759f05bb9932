using Lacuna.Gpu;
using Lacuna.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>Importance of a linear layer.</summary>
internal sealed class LinearLayerImportance(Linear layer, ImportanceMeasure measure) : LayerImportance
{
    private readonly Tensor _weight = zeros_like(layer.weight!).DetachFromDisposeScope();
    private readonly Tensor? _bias = layer.bias is null ? null : zeros_like(layer.bias).DetachFromDisposeScope();

    /// <inheritdoc/>
    public override void Add(Tensor input, Tensor adjoint, float share, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        var gradient = adjoint.contiguous();
        kernels.AccumulateLinearImportance(input.contiguous(), gradient, _weight, share, measure);
        if (_bias is not null) kernels.AccumulateBiasImportance(gradient, _bias, share, measure);
    }

    /// <inheritdoc/>
    public override IEnumerable<(nn.Module Module, string Parameter, Tensor Omega)> Finish()
    {
        List<(nn.Module, string, Tensor)> omegas = [(layer, "weight", _weight.alias().DetachFromDisposeScope())];
        if (_bias is not null) omegas.Add((layer, "bias", _bias.alias().DetachFromDisposeScope()));
        return omegas;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
