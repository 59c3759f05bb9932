using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>
/// What the engine needs from the tensor library beyond TorchSharp's public API.
/// One implementation a stack; a member that a stack cannot offer says so through its <c>Has…</c> property.
/// </summary>
public interface ITensorStack
{
    /// <summary>Name for people: which stack this is.</summary>
    string Name { get; }

    /// <summary>Version of the libtorch that is loaded, for example 1.13.0, or of the package that brings it.</summary>
    string LibtorchVersion { get; }

    /// <summary>Where the native library was found, or an empty string when the package decides.</summary>
    string Location { get; }

    /// <summary>Address of the first element of <paramref name="tensor"/> (storage offset included), in the memory of its device.</summary>
    nint DataPointer(Tensor tensor);

    /// <summary>True when <see cref="CurrentStream"/> works.</summary>
    bool HasStreams { get; }

    /// <summary>The <c>CUstream</c> on which the tensor library queues its work for this CUDA device; 0 is the default stream.</summary>
    nint CurrentStream(int cudaDevice);

    /// <summary>True when <see cref="Autocast"/> works.</summary>
    bool HasAutocast { get; }

    /// <summary>
    /// Until disposed of, on this thread, convolutions and matrix products of float32 tensors on such a device compute in a narrower type. Scopes nest; a backward pass belongs outside of them,
    /// where it takes the types of its forward pass.
    /// </summary>
    /// <param name="device">Where the tensors are.</param>
    /// <param name="type">The narrower type.</param>
    IDisposable Autocast(Device device, ScalarType type);

    /// <summary>True when <see cref="SearchesConvolutions"/> can be set.</summary>
    bool HasConvolutionSearch { get; }

    /// <summary>Whether the CUDA library for convolutions tries its algorithms on every shape that it meets for the first time in this process, and takes the fastest from then on.</summary>
    bool SearchesConvolutions { get; set; }

    /// <summary>Tensors alive in this process.</summary>
    long LiveTensors { get; }
}
