using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>A map without weights, forward and back by the tensor library's operators.</summary>
internal sealed class TrainingMap(Func<Tensor, Tensor> map) : TrainingStage
{
    private const string Input = "input";
    private const string Output = "output";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, TrainingTape tape)
    {
        using var grad = enable_grad();
        var leaf = input.detach().requires_grad_();
        var output = map(leaf);
        tape.Own(this, Input, leaf);
        tape.Own(this, Output, output);
        return output.detach();
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, TrainingTape tape)
    {
        var input = tape[this, Input];
        var result = autograd.grad([tape[this, Output]], [input], [gradient.Sum()])[0];
        // In the order of the activations; and a copy in any case, for a view's or a mean's derivative may be a view of the gradient, and what leaves here may be changed in place.
        var plain = empty_like(input.detach());
        plain.copy_(result);
        tape.Release(this, Input, Output);
        return new(plain);
    }
}
