using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>A layer with weights, with what normalises its output and the ReLU behind it.</summary>
/// <param name="ceiling">Of the ReLU behind it: infinity, or 6 for ReLU6; null for none.</param>
internal abstract class TrainingLayer(float? ceiling) : TrainingStage
{
    /// <summary>The layer's input; to autograd its leaf, where it records.</summary>
    protected const string Input = "input";

    /// <summary>What the tensor library recorded from the input on.</summary>
    protected const string Recorded = "recorded";

    private const string Output = "output";

    /// <summary>Whether nobody asks for the gradient by its input, which are the images: <see cref="Back"/> then returns nothing.</summary>
    public bool IsFirst { get; set; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, TrainingTape tape)
    {
        var output = Forward(input, new(null, ceiling), tape);
        if (ceiling is not null) tape.Keep(this, Output, output);
        return output;
    }

    /// <summary>As <see cref="Forward(Tensor, TrainingTape)"/>, with this done to what leaves.</summary>
    public abstract Tensor Forward(Tensor input, Finish finish, TrainingTape tape);

    /// <inheritdoc/>
    public override Finish Gate(TrainingTape tape) => ceiling is null ? default : new(null, ceiling, tape[this, Output]);

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, TrainingTape tape)
    {
        if (!gradient.IsFinished) (Gate(tape) with { Addend = gradient.Addend }).ApplyTo(gradient.Main, tape.Kernels);
        tape.Release(this, Output);
        var result = Back(gradient.Main, finish, tape);
        tape.Release(this, Input, Recorded);
        return result;
    }

    /// <summary>From the gradient behind the gate, which is only read.</summary>
    protected abstract Flow Back(Tensor gradient, Finish finish, TrainingTape tape);

    /// <summary>Has the tensor library record a map of the input; to be called where it may.</summary>
    protected Tensor Record(Tensor input, Func<Tensor, Tensor> map, TrainingTape tape)
    {
        using var grad = enable_grad();
        var leaf = input.detach();
        if (!IsFirst) leaf.requires_grad_();
        tape.Own(this, Input, leaf);
        var recorded = map(leaf);
        tape.Own(this, Recorded, recorded);
        return recorded;
    }

    /// <summary>Back through what was recorded.</summary>
    /// <param name="gradient">By what was recorded.</param>
    /// <param name="tape">Where that is, and where the parameters' gradients go.</param>
    /// <param name="parameters">Those that took part.</param>
    protected Flow BackThroughRecord(Tensor gradient, TrainingTape tape, params IReadOnlyList<(nn.Module Module, string Name, Tensor Value)> parameters)
    {
        Tensor[] inputs = [.. IsFirst ? [] : new[] { tape[this, Input] }, .. parameters.Select(p => p.Value)];
        var gradients = autograd.grad([tape[this, Recorded]], inputs, [gradient]);
        for (var i = 0; i < parameters.Count; i++) tape.AddGradient(parameters[i].Module, parameters[i].Name, gradients[i + (IsFirst ? 0 : 1)]);
        return IsFirst ? default : new(gradients[0]);
    }
}
