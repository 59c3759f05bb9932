using static TorchSharp.torch;

namespace Lacuna.Runs.Bench;

/// <summary>How fast a device does work whose operations are known.</summary>
internal static class WorkRate
{
    private const int Repeats = 8;

    /// <summary>1e9 operations a second of the fastest repetition; each result is disposed of.</summary>
    public static double Gflops(Func<Tensor> work, double operations, Device device, TimeProvider clock, CancellationToken cancellation)
    {
        var seconds = double.PositiveInfinity;
        for (var i = 0; i <= Repeats; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = clock.GetTimestamp();
            using (work())
            {
                if (device.type == TorchSharp.DeviceType.CUDA) cuda.synchronize(device);
            }
            // The first run pays for set-up.
            if (i > 0) seconds = Math.Min(seconds, clock.GetElapsedTime(start).TotalSeconds);
        }
        return operations / seconds / 1e9;
    }
}
