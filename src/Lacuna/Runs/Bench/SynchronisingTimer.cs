using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>For devices that go on working after the call returned.</summary>
/// <param name="clock">Time.</param>
/// <param name="device">A CUDA device.</param>
internal sealed class SynchronisingTimer(TimeProvider clock, Device device) : IWorkTimer
{
    public double Ms(Action work)
    {
        cuda.synchronize(device);
        var start = clock.GetTimestamp();
        work();
        cuda.synchronize(device);
        return clock.GetElapsedTime(start).TotalMilliseconds;
    }
}
