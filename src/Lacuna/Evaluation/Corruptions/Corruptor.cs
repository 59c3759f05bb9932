using Lacuna.Numerics;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>Changes images of one size; has memory of its own and so serves one thread.</summary>
internal abstract class Corruptor
{
    /// <summary>Changes one image [C, H, W] in [0,1] in place.</summary>
    public abstract void Apply(Span<float> image, DrawSource draws, int part, int row);
}
