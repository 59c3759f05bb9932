using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// Launches kernels through the CUDA driver, in the primary context of each device and on the stream that the tensor library queues its own work on:
/// kernels and operators run in the order of the calls, without waiting for each other's end. Safe for any number of threads.
/// A kernel that fails while it runs is reported by a later call, as always on CUDA.
/// </summary>
public sealed class CudaKernelLauncher : IKernelLauncher, IDisposable
{
    // CUDA takes 4 KB of parameters.
    private const int MostParameterBytes = 4096;

    private readonly CudaDriver _driver;
    private readonly IPtxSource _source;
    private readonly ITensorStack _stack;
    private readonly bool _hasStreams;
    private readonly Func<string, KernelEntry>? _find;
    private readonly Lock _opening = new();
    private volatile CudaDevice?[] _devices = [];
    private bool _disposed;

    /// <param name="driver">Becomes this object's.</param>
    /// <param name="source">The compiled kernels.</param>
    /// <param name="stack">Knows the stream.</param>
    /// <param name="find">Kernels by name; null for the catalogue's.</param>
    internal CudaKernelLauncher(CudaDriver driver, IPtxSource source, ITensorStack stack, Func<string, KernelEntry>? find = null) =>
        (_driver, _source, _stack, _hasStreams, _find) = (driver, source, stack, stack.HasStreams, find);

    /// <inheritdoc/>
    public bool Serves(Device device) => device.type == TorchSharp.DeviceType.CUDA;

    /// <inheritdoc/>
    /// <exception cref="CudaException">The driver refused something, or a kernel launched earlier failed.</exception>
    /// <exception cref="InvalidOperationException">The kernel cannot be compiled for this device.</exception>
    public void Launch(string kernel, Device device, LaunchSize size, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (!Serves(device)) throw new ArgumentException($"{kernel}: kernels are launched on CUDA devices, not on {device}.", nameof(device));
        var index = Math.Max(0, device.index);
        var opened = Open(index);
        var loaded = opened.Kernel(kernel, _source);
        var layout = loaded.Layout;
        Span<byte> parameters = stackalloc byte[Math.Min(layout.Bytes, MostParameterBytes)];
        parameters.Clear();
        layout.Pack(arguments, parameters);
        if (size.X == 0 || size.Y == 0) return;
        var grid = loaded.Grid(size, kernel);
        var stream = _hasStreams ? _stack.CurrentStream(index) : 0;
        var code = _driver.Launch(opened.Context, loaded.Function, grid, (uint)loaded.Threads, stream, parameters, out var call);
        if (code != 0) throw _driver.Failure(code, call, $"Launching {kernel} with {grid.X} x {grid.Y} groups of {loaded.Threads} threads on {opened.Name}");
    }

    private CudaDevice Open(int index)
    {
        var devices = _devices;
        return index < devices.Length && devices[index] is { } opened ? opened : OpenNew(index);
    }

    private CudaDevice OpenNew(int index)
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var devices = _devices;
            if (index < devices.Length && devices[index] is { } opened) return opened;
            var more = new CudaDevice?[Math.Max(devices.Length, index + 1)];
            devices.CopyTo(more, 0);
            var device = more[index] = new CudaDevice(_driver, index, _find);
            _devices = more;
            return device;
        }
    }

    /// <summary>Unloads the kernels and gives the devices' contexts back. No launch may be under way.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var device in _devices) device?.Dispose();
            _devices = [];
            _driver.Dispose();
        }
    }
}
