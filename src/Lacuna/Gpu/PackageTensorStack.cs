using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>The stack this build runs on.</summary>
public static class TensorStack
{
    /// <summary>The only instance; it holds no state of its own.</summary>
    public static ITensorStack Current { get; } = new PackageTensorStack();
}

/// <summary>
/// The official TorchSharp package. It has no public way to a device pointer before 0.107, so this asks its native
/// library for the export behind <c>Tensor.data</c>, which exists in every version.
/// </summary>
internal sealed partial class PackageTensorStack : ITensorStack
{
    public string Name => "nuget";

    public string LibtorchVersion =>
        "with TorchSharp " + (typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of unknown version");

    public string Location => "";

    public nint DataPointer(Tensor tensor)
    {
        var pointer = DataOf(tensor.Handle);
        GC.KeepAlive(tensor);
        return pointer;
    }

    /// <summary>The package does not expose streams; it always queues on the default one.</summary>
    public bool HasStreams => false;

    public nint CurrentStream(int cudaDevice) =>
        throw new InvalidOperationException("The TorchSharp package does not expose CUDA streams; ask HasStreams first. Its work runs on the default stream.");

    public bool HasAutocast => false;

    public IDisposable Autocast(Device device, ScalarType type) =>
        throw new InvalidOperationException("The TorchSharp package has no autocast; ask HasAutocast first. The portable stack has it.");

    public bool HasConvolutionSearch => false;

    public bool SearchesConvolutions
    {
        get => false;
        set => throw new InvalidOperationException("The TorchSharp package cannot set how convolutions are chosen; ask HasConvolutionSearch first.");
    }

    public long LiveTensors => Tensor.TotalCount;

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataOf(nint tensor);
}
