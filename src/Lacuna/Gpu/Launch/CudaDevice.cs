using System.Collections.Concurrent;
using System.Text;
using Lacuna.Kernels;

namespace Lacuna.Gpu.Launch;

/// <summary>A device's primary context, and the kernels loaded there. It is the context that libtorch works in, so tensors' memory is valid for kernels.</summary>
internal sealed class CudaDevice : IDisposable
{
    private readonly CudaDriver _driver;
    private readonly Func<string, KernelEntry> _find;
    private readonly int _handle;
    private readonly ConcurrentDictionary<string, CudaKernel> _kernels = new();
    private readonly Lock _loading = new();

    /// <param name="driver">Stays the caller's.</param>
    /// <param name="index">As libtorch counts them.</param>
    /// <param name="find">Kernels by name; null for the catalogue's.</param>
    public CudaDevice(CudaDriver driver, int index, Func<string, KernelEntry>? find = null)
    {
        (_driver, _find) = (driver, find ?? KernelCatalogue.Get);
        (_handle, Name, Capability, Multiprocessors) = driver.Device(index);
        Name = $"cuda:{index} ({Name})";
        Context = driver.RetainPrimary(_handle);
    }

    /// <summary>For people.</summary>
    public string Name { get; }

    /// <summary>Its architecture.</summary>
    public ComputeCapability Capability { get; }

    /// <summary>Processors that groups are spread over.</summary>
    public int Multiprocessors { get; }

    /// <summary>The driver's handle of the primary context.</summary>
    public nint Context { get; }

    /// <summary>A kernel, loaded when first asked for.</summary>
    public CudaKernel Kernel(string name, IPtxSource source)
    {
        if (_kernels.TryGetValue(name, out var kernel)) return kernel;
        lock (_loading)
        {
            return _kernels.GetOrAdd(name, Load, source);
        }
    }

    private CudaKernel Load(string name, IPtxSource source)
    {
        var entry = _find(name);
        var layout = new ParameterLayout(entry);
        var ptx = source.Get(entry, Capability);
        var doing = $"Loading {name} on {Name}";
        return _driver.Within(Context, doing, () =>
        {
            var module = _driver.LoadModule(Encoding.UTF8.GetBytes(ptx.Text), doing);
            try
            {
                var function = _driver.Function(module, ptx.Entry, doing);
                var groups = _driver.GroupsPerMultiprocessor(function, entry.GroupSize, doing);
                return new CudaKernel(function, module, layout, entry.GroupSize, Math.Max(1, (long)groups * Multiprocessors));
            }
            catch
            {
                _driver.UnloadModule(module);
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _driver.Within(Context, "Unloading kernels", () =>
            {
                foreach (var kernel in _kernels.Values) _driver.UnloadModule(kernel.Module);
                return 0;
            });
        }
        catch (CudaException)
        {
            // A context that no longer works has no modules to unload.
        }
        _driver.ReleasePrimary(_handle);
    }
}
