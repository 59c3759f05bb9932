using Lacuna.Kernels;
using Lacuna.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A linear layer and the ReLU behind it.</summary>
internal sealed class FrozenLinear : FrozenLayer
{
    private readonly Linear _layer;

    /// <param name="layer">The layer.</param>
    /// <param name="ceiling">Of the ReLU behind it; null for none.</param>
    public FrozenLinear(Linear layer, float? ceiling) : base(ceiling) => _layer = layer;

    /// <inheritdoc/>
    public override void Fold()
    {
        using var scope = NewDisposeScope();
        Take(_layer.weight!.detach(), _layer.bias?.detach());
    }

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingLinear(_layer, Ceiling);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor input, Tensor weight, Tensor? bias) => nn.functional.linear(input, weight, bias);

    /// <inheritdoc/>
    protected override Tensor LibraryBack(Tensor gradient, Tensor like) => gradient.matmul(Weight);

    /// <inheritdoc/>
    public override LayerImportance Importance(ImportanceMeasure measure) => new LinearLayerImportance(_layer, measure);

    /// <inheritdoc/>
    public override IEnumerable<(nn.Module Module, string Parameter, Tensor Gradient)> Gradients(Tensor product) => [(_layer, "weight", product.contiguous())];
}
