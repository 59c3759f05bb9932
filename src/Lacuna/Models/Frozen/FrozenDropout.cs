using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>Dropout, which does nothing but in training.</summary>
internal sealed class FrozenDropout(SeededDropout dropout) : FrozenStage
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape) => input.alias();

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape) => new(gradient.Main.alias(), gradient.Addend?.alias());

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape) => tangent.alias();

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingMap(dropout.call);
}
