using static TorchSharp.torch;

namespace Lacuna.Data;

/// <summary>Some images with their labels.</summary>
/// <param name="Images">[B, C, H, W] float32 in [0,1].</param>
/// <param name="Labels">[B] int64.</param>
/// <param name="Rows">Row of every image in the set.</param>
public sealed record Batch(Tensor Images, Tensor Labels, IReadOnlyList<int> Rows) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
