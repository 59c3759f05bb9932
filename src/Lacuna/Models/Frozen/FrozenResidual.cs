using Lacuna.Models.Training;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>Two paths that are added, with a ReLU behind the sum or none.</summary>
/// <param name="body">The path with the work.</param>
/// <param name="shortcut">The other path; null where it hands its input on.</param>
/// <param name="ceiling">Of the ReLU behind the sum; null for none.</param>
internal sealed class FrozenResidual(FrozenChain body, FrozenStage? shortcut, float? ceiling) : FrozenStage
{
    private const string Output = "output";

    /// <inheritdoc/>
    public override IEnumerable<FrozenLayer> Layers => shortcut is null ? body.Layers : [.. body.Layers, .. shortcut.Layers];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape)
    {
        var other = shortcut is null ? input : shortcut.Forward(input, tape);
        var sum = body.Forward(input, new(other, ceiling), tape);
        if (ceiling is not null) tape.Keep(this, Output, sum);
        return sum;
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape)
    {
        if (!gradient.IsFinished) (Gate(tape) with { Addend = gradient.Addend }).ApplyTo(gradient.Main, tape.Kernels);
        tape.LetGo(this);
        // Neither path ends in a gate, which would change the gradient in place: both read the same memory.
        var other = shortcut is null ? gradient.Main.alias() : shortcut.Back(new(gradient.Main), default, tape).Sum();
        var through = body.Back(new(gradient.Main), finish with { Addend = other }, tape);
        return through.IsFinished ? through : new(through.Sum(), other);
    }

    /// <inheritdoc/>
    public override Finish Gate(FrozenTape tape) => ceiling is null ? default : new(null, ceiling, tape[this, Output]);

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape)
    {
        var other = shortcut is null ? tangent : shortcut.Tangent(tangent, tape);
        return body.Tangent(tangent, Gate(tape) with { Addend = other }, tape);
    }

    /// <inheritdoc/>
    public override TrainingStage InTraining() => new TrainingResidual(body.ForTraining(), shortcut?.InTraining(), ceiling);

    /// <inheritdoc/>
    public override void Fold()
    {
        body.Fold();
        shortcut?.Fold();
    }
}
