using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>A linear layer and the ReLU behind it.</summary>
/// <param name="layer">The layer.</param>
/// <param name="ceiling">Of the ReLU behind it; null for none.</param>
internal sealed class TrainingLinear(Linear layer, float? ceiling) : TrainingLayer(ceiling)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Finish finish, TrainingTape tape)
    {
        var output = Record(input, layer.call, tape).detach();
        finish.ApplyTo(output, tape.Kernels);
        return output;
    }

    /// <inheritdoc/>
    protected override Flow Back(Tensor gradient, Finish finish, TrainingTape tape) =>
        layer.bias is null ? BackThroughRecord(gradient, tape, (layer, "weight", layer.weight!)) : BackThroughRecord(gradient, tape, (layer, "weight", layer.weight!), (layer, "bias", layer.bias));
}
