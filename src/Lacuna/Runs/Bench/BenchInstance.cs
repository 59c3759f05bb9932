using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>An operation with inputs.</summary>
/// <param name="Shape">The sizes, for people.</param>
/// <param name="BytesMoved">What the operation must read and write at the least.</param>
/// <param name="Owned">Tensors to dispose of.</param>
/// <param name="Work">Does the operation once on the inputs, in place where it works in place.</param>
/// <param name="Results">Does the operation on copies of the inputs in the given type and returns what it computed.</param>
public sealed record BenchInstance(string Shape, long BytesMoved, IReadOnlyList<IDisposable> Owned, Action<TensorKernels> Work, Func<TensorKernels, ScalarType, IReadOnlyList<Tensor>> Results) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in Owned) owned.Dispose();
    }
}
