using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>Sums over images of the sizes of each image's own gradient by a layer's weights. Owns them.</summary>
internal abstract class LayerImportance : IDisposable
{
    /// <summary>Adds a batch.</summary>
    /// <param name="input">What went into the layer, [N, …]; only read.</param>
    /// <param name="adjoint">Gradient of each image's score by what left it, behind its batch norm and before its ReLU; only read.</param>
    /// <param name="share">Weight of an image.</param>
    /// <param name="kernels">Do the work.</param>
    public abstract void Add(Tensor input, Tensor adjoint, float share, TensorKernels kernels);

    /// <summary>Ends the sums: importance of the network's own weights, as (module, name of the parameter, importance). The caller owns the tensors.</summary>
    public abstract IEnumerable<(nn.Module Module, string Parameter, Tensor Omega)> Finish();

    /// <inheritdoc/>
    public abstract void Dispose();
}
