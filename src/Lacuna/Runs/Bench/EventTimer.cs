using Lacuna.Gpu.Launch;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>For CUDA: the time between two events on the device, which neither the calls nor the waiting for its end count in.</summary>
/// <param name="device">A CUDA device.</param>
internal sealed class EventTimer(Device device) : IWorkTimer
{
    // Lives as long as the process, as the device's context does.
    private readonly CudaStopwatch _watch = new(device);

    public double Ms(Action work)
    {
        _watch.Start();
        work();
        return _watch.Stop();
    }
}
