using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A map without weights that is linear, or piecewise linear with the pieces settled by its input (max pooling): backwards by the tensor library's own derivative.</summary>
/// <param name="map">From input to output, by operators that can be differentiated; twice where <paramref name="isLinear"/> is false.</param>
/// <param name="isLinear">Whether a direction goes the way of a point.</param>
internal sealed class FrozenLinearMap(Func<Tensor, Tensor> map, bool isLinear) : FrozenStage
{
    private const string Input = "input";
    private const string Output = "output";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape)
    {
        using var grad = set_grad_enabled(tape.Records);
        var leaf = input.detach();
        if (tape.Records) leaf.requires_grad_();
        var output = map(leaf);
        tape.Own(this, Input, leaf);
        tape.Own(this, Output, output);
        return output.detach();
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape)
    {
        var (input, output) = (tape[this, Input], tape[this, Output]);
        Tensor Through(Tensor part) => autograd.grad([output], [input], [part], retain_graph: true)[0];
        var (sum, rows) = (gradient.Sum(), output.size(0));
        // A view's or a mean's derivative may be a view of the gradient, and what leaves here may be changed in place. What was recorded has the rows of one seed.
        var result = sum.size(0) == rows ? Through(sum).clone() : cat([.. sum.split(rows).Select(Through)], 0);
        tape.LetGo(this);
        return new(result);
    }

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingMap(map);

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape)
    {
        if (isLinear) return map(tangent).clone();
        // J v as the derivative by u of (J^T u) . v: the derivative of a max pooling's derivative takes the stored places, not the largest of v.
        using var grad = enable_grad();
        var output = tape[this, Output];
        var seed = zeros_like(output).requires_grad_();
        var back = autograd.grad([output], [tape[this, Input]], [seed], retain_graph: true, create_graph: true)[0];
        return autograd.grad([back], [seed], [tangent])[0];
    }
}
