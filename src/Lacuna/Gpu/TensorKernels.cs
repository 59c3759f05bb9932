using Lacuna.Gpu.Launch;
using Lacuna.Profiling;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>
/// The hot paths on tensors, in place, without a copy: one file an operation, each with three ways that give the same result.
/// On the CPU the kernel's vectorised CPU path works in the tensor's own memory; on a device that the launcher serves the kernel is launched on the
/// tensor library's stream; otherwise, or when asked for, the tensor library's operators do it. Kernels compute in float32; float64 tensors, which
/// serve checks, always go through the operators.
/// Tensors must be contiguous, of the types the operation names and on one device; anything else is an <see cref="ArgumentException"/>
/// before any work is done. The caller owns returned tensors.
/// </summary>
public sealed unsafe partial class TensorKernels
{
    private readonly KernelChoice _choice;
    private readonly IKernelLauncher? _launcher;
    private readonly IProfiler? _profiler;

    /// <param name="choice">Kernels or operators.</param>
    /// <param name="launcher">Runs kernels on the devices it serves; null when there is none.</param>
    public TensorKernels(KernelChoice choice = KernelChoice.Native, IKernelLauncher? launcher = null) => (_choice, _launcher) = (choice, launcher);

    private TensorKernels(TensorKernels original, IProfiler profiler) : this(original._choice, original._launcher) => (_profiler, Passes) = (profiler, original.Passes);

    /// <summary>The operators alone.</summary>
    public static TensorKernels Operators { get; } = new(KernelChoice.Operators);

    /// <summary>The kernels' CPU paths, and the operators on every other device.</summary>
    public static TensorKernels Native { get; } = new();

    /// <summary>By which passes those who work with these kernels go through networks.</summary>
    public PassChoice Passes { get; init; }

    /// <summary>Is told of every operation, and by those who work with these kernels of what they do; null when nobody asks.</summary>
    public IProfiler? Profiler => _profiler;

    /// <summary>The same kernels, watched.</summary>
    public TensorKernels ProfiledBy(IProfiler profiler) => new(this, profiler);

    /// <summary>The span of one operation.</summary>
    internal ProfiledSpan Timed(string operation) => _profiler.Span(SpanKind.Kernel, operation);

    private enum Way
    {
        Operators,
        Cpu,
        Launch,
    }

    /// <summary>Whether kernels or their CPU paths do the work on float32 tensors of this device.</summary>
    public bool HasNative(Device device) =>
        _choice == KernelChoice.Native && (device.type == TorchSharp.DeviceType.CPU || _launcher?.Serves(device) == true);

    /// <summary>Whether the kernels' CPU paths do the work on tensors of this device.</summary>
    public bool HasCpuPaths(Device device) =>
        _choice == KernelChoice.Native && device.type == TorchSharp.DeviceType.CPU && _launcher?.Serves(device) != true;

    /// <summary>What does the work on tensors of this device, for people.</summary>
    public string DescriptionFor(Device device) =>
        _choice == KernelChoice.Operators ? "operators"
        : _launcher?.Serves(device) == true ? "native"
        : device.type == TorchSharp.DeviceType.CPU ? "native (CPU paths)"
        : "operators (no kernels at hand)";

    /// <summary>Whether kernels, and not the operators, work on tensors of this type and device.</summary>
    public bool RunOn(Tensor tensor) => WayFor(tensor) != Way.Operators;

    /// <summary>Why the operators, and not kernels, work on tensors of this type and device, for people.</summary>
    public string WhyNot(Tensor tensor) =>
        _choice == KernelChoice.Operators ? "operators do the kernels' work" : tensor.dtype == ScalarType.Float64 ? "kernels do not compute in float64" : $"no kernels at hand on {tensor.device}";

    private Way WayFor(Tensor tensor)
    {
        if (_choice == KernelChoice.Operators || tensor.dtype == ScalarType.Float64) return Way.Operators;
        var device = tensor.device;
        if (_launcher?.Serves(device) == true) return Way.Launch;
        return device.type == TorchSharp.DeviceType.CPU ? Way.Cpu : Way.Operators;
    }

    private void Launch(string kernel, Tensor where, LaunchSize size, params ReadOnlySpan<KernelArgument> arguments) =>
        _launcher!.Launch(kernel, where.device, size, arguments);

    private static KernelArgument View(Tensor tensor) => KernelArgument.View(tensor);

    private static KernelArgument ViewOrNone(Tensor? tensor) => tensor is null ? NoView : View(tensor);

    /// <summary>For a view that a kernel is told to do without by its being empty.</summary>
    private static KernelArgument NoView => KernelArgument.View(0, 0);

    private static float* Floats(Tensor tensor) => (float*)TensorStack.Current.DataPointer(tensor);

    private static ushort* Halves(Tensor tensor) => (ushort*)TensorStack.Current.DataPointer(tensor);

    private static byte* Bytes(Tensor tensor) => (byte*)TensorStack.Current.DataPointer(tensor);

    private static long* Longs(Tensor tensor) => (long*)TensorStack.Current.DataPointer(tensor);

    /// <summary>Whether kernels may access all these tensors 16 bytes at a time: 1 or 0, as an argument.</summary>
    private static int Wide(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (TensorStack.Current.DataPointer(tensor) % 16 != 0) return 0;
        }
        return 1;
    }
}
