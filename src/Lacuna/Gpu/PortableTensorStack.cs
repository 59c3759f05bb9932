using Lacuna.Portable;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>The stack this build runs on.</summary>
public static class TensorStack
{
    /// <summary>The only instance; it holds no state of its own.</summary>
    public static ITensorStack Current { get; } = new PortableTensorStack();
}

/// <summary>Our own TorchSharp subset over a libtorch that is already on the machine.</summary>
internal sealed class PortableTensorStack : ITensorStack
{
    public string Name => "portable";

    public string LibtorchVersion => Libtorch.Version;

    public string Location => Libtorch.Location;

    public nint DataPointer(Tensor tensor) => Libtorch.DataPointer(tensor);

    public bool HasStreams => Libtorch.HasCuda;

    public nint CurrentStream(int cudaDevice) => Libtorch.CurrentCudaStream(cudaDevice);

    public bool HasAutocast => true;

    public IDisposable Autocast(Device device, ScalarType type) => new AutocastScope(device.type, type);

    public bool HasConvolutionSearch => true;

    public bool SearchesConvolutions
    {
        get => Libtorch.SearchesConvolutions;
        set => Libtorch.SearchesConvolutions = value;
    }

    public long LiveTensors => Libtorch.LiveTensors;
}
