using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>How strongly all weights are held, from their importance.</summary>
internal sealed class HoldCase : BenchCase
{
    public override string Name => "hold";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var sizes = NetworkTensors.Split(bytes);
        Tensor[] importance = [.. sizes.Select((size, i) => DrawPixels([size], device, seed + 1000 * i))];
        return new(NetworkTensors.Shape(sizes), 3 * sizeof(float) * sizes.Sum(), importance,
            kernels =>
            {
                foreach (var hold in kernels.Hold(importance)) hold.Dispose();
            },
            (kernels, type) => kernels.Hold(NetworkTensors.Copies(importance, type)));
    }
}
