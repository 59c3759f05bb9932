using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>
/// A part of a <see cref="FrozenNetwork"/> that is linear but for gates: which of its activations pass is settled by the forward pass, and stored by it. So the three passes
/// (forward, gradient by the input, tangent) are the same arithmetic in three directions, over the same gates.
/// </summary>
internal abstract class FrozenStage
{
    /// <summary>What leaves the stage for <paramref name="input"/>, which is only read. What the other passes need is left on the tape.</summary>
    public abstract Tensor Forward(Tensor input, FrozenTape tape);

    /// <summary>The gradient by the stage's input from that by its output.</summary>
    /// <param name="gradient">By the output; finished if that says so.</param>
    /// <param name="finish">What is to become of the result. Whoever can do it in the same pass does and says so, otherwise it is left to the next.</param>
    /// <param name="tape">What the forward pass left.</param>
    public abstract Flow Back(Flow gradient, Finish finish, FrozenTape tape);

    /// <summary>The directional derivative of the stage's output along <paramref name="tangent"/>, a direction of its input, which is only read.</summary>
    public abstract Tensor Tangent(Tensor tangent, FrozenTape tape);

    /// <summary>The gate that ends the stage, as the gradient by its output meets it; nothing where there is none.</summary>
    public virtual Finish Gate(FrozenTape tape) => default;

    /// <summary>The same part of the network for training.</summary>
    public abstract TrainingStage InTraining();

    /// <summary>Takes the weights of the network anew.</summary>
    public virtual void Fold()
    {
    }

    /// <summary>The layers in this stage whose weights have gradients.</summary>
    public virtual IEnumerable<FrozenLayer> Layers => [];
}
