using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A gradient on its way back, perhaps as a sum that nobody has carried out yet: the gate it meets next adds and gates in one pass.</summary>
/// <param name="Main">Belongs to whoever receives it, who may change it in place.</param>
/// <param name="Addend">Only to be read; null for none.</param>
/// <param name="IsFinished">Whether the <see cref="Finish"/> that was asked for was done, so that the gate it meets next must do nothing.</param>
internal readonly record struct Flow(Tensor Main, Tensor? Addend = null, bool IsFinished = false)
{
    /// <summary>The sum, in the memory of <see cref="Main"/>.</summary>
    public Tensor Sum() => Addend is null ? Main : Main.add_(Addend);
}
