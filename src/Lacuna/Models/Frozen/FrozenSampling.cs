using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A shortcut without parameters between shapes (He et al. 2016, option A): every s-th pixel of every s-th row, zero channels around. Backwards nothing need be recorded.</summary>
/// <param name="map">From input to output.</param>
/// <param name="stride">s.</param>
/// <param name="before">Zero channels before the input's.</param>
internal sealed class FrozenSampling(Func<Tensor, Tensor> map, int stride, int before) : FrozenStage
{
    private const string Input = "input";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape)
    {
        // For its shape and order alone: the gate before keeps the same memory.
        tape.Keep(this, Input, input);
        return map(input);
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape)
    {
        var (input, rows) = (tape[this, Input], gradient.Main.size(0));
        var (channels, height, width) = (input.size(1), input.size(2), input.size(3));
        var result = input.is_contiguous()
            ? zeros([rows, channels, height, width], input.dtype, input.device)
            : zeros([rows, height, width, channels], input.dtype, input.device).permute(0, 3, 1, 2);
        var sampled = result.slice(2, 0, result.size(2), stride).slice(3, 0, result.size(3), stride);
        sampled.copy_(gradient.Sum().narrow(1, before, result.size(1)));
        tape.LetGo(this);
        return new(result);
    }

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingMap(map);

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape) => map(tangent);
}
