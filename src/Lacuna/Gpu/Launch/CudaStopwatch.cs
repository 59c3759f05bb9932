using static TorchSharp.torch;

namespace Lacuna.Gpu.Launch;

/// <summary>Measures on the device itself how long the work takes that is queued between two calls, on the tensor library's stream.</summary>
public sealed class CudaStopwatch : IDisposable
{
    private readonly CudaDriver _driver;
    private readonly CudaDevice _device;
    private readonly ITensorStack _stack;
    private readonly int _index;
    private readonly nint _start, _end;

    /// <summary>For a CUDA device of this machine.</summary>
    /// <exception cref="CudaException">The driver cannot.</exception>
    public CudaStopwatch(Device device) : this(new CudaDriver(), Math.Max(0, device.index), TensorStack.Current)
    {
    }

    internal CudaStopwatch(CudaDriver driver, int index, ITensorStack stack)
    {
        (_driver, _index, _stack) = (driver, index, stack);
        _device = new CudaDevice(driver, index);
        (_start, _end) = driver.Within(_device.Context, "Timing", () => (driver.CreateEvent(), driver.CreateEvent()));
    }

    /// <summary>From here on.</summary>
    public void Start() => Record(_start);

    /// <summary>Up to here; waits for the device.</summary>
    /// <returns>Milliseconds.</returns>
    public double Stop()
    {
        Record(_end);
        return _driver.Within(_device.Context, "Timing", () => _driver.MillisecondsBetween(_start, _end));
    }

    private void Record(nint recorded)
    {
        var stream = _stack.HasStreams ? _stack.CurrentStream(_index) : 0;
        _driver.Within(_device.Context, "Timing", () =>
        {
            _driver.Record(recorded, stream);
            return 0;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _driver.Within(_device.Context, "Timing", () =>
        {
            _driver.DestroyEvent(_start);
            _driver.DestroyEvent(_end);
            return 0;
        });
        _device.Dispose();
        _driver.Dispose();
    }
}
