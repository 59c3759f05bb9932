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
        var sum = body.Forward(input, tape);
        var other = shortcut is null ? input : shortcut.Forward(input, tape);
        if (ceiling is { } top)
        {
            tape.Kernels.ReluInPlace(sum, other, top);
            tape.Keep(this, Output, sum);
        }
        else
        {
            sum.add_(other);
        }
        return sum;
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, FrozenTape tape)
    {
        if (ceiling is { } top) tape.Kernels.GateInPlace(gradient.Main, gradient.Addend, tape[this, Output], top);
        else gradient.Sum();
        // Neither path ends in a gate, which would change the gradient in place: both read the same memory.
        var through = body.Back(new(gradient.Main), tape).Sum();
        return new(through, shortcut is null ? gradient.Main.alias() : shortcut.Back(new(gradient.Main), tape).Sum());
    }

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape)
    {
        var sum = body.Tangent(tangent, tape);
        var other = shortcut is null ? tangent : shortcut.Tangent(tangent, tape);
        if (ceiling is { } top) tape.Kernels.GateInPlace(sum, other, tape[this, Output], top);
        else sum.add_(other);
        return sum;
    }

    /// <inheritdoc/>
    public override void Fold()
    {
        body.Fold();
        shortcut?.Fold();
    }
}
