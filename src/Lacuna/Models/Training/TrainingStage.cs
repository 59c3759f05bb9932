using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>A part of a <see cref="TrainingNetwork"/>: forward once, and back once through what that left on the tape.</summary>
internal abstract class TrainingStage
{
    /// <summary>What leaves the stage for <paramref name="input"/>, which is only read, and stays as it is until the pass back.</summary>
    public abstract Tensor Forward(Tensor input, TrainingTape tape);

    /// <summary>The gradient by the stage's input from that by its output; those by its weights are left on the tape, and what the forward pass left there is let go of.</summary>
    /// <param name="gradient">By the output; finished if that says so.</param>
    /// <param name="finish">What is to become of the result. Whoever can do it in the same pass does and says so, otherwise it is left to the next.</param>
    /// <param name="tape">What the forward pass left.</param>
    public abstract Flow Back(Flow gradient, Finish finish, TrainingTape tape);

    /// <summary>The gate that ends the stage, as the gradient by its output meets it; nothing where there is none.</summary>
    public virtual Finish Gate(TrainingTape tape) => default;
}
