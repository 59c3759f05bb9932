using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A gradient added to the importance of all weights.</summary>
internal sealed class ImportanceCase : BenchCase
{
    public override string Name => "importance";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var sizes = NetworkTensors.Split(bytes);
        Tensor[] gradients = [.. sizes.Select((size, i) => Draw([size], device, seed + 1000 * i))], omegas = [.. gradients.Select(g => g.abs())];
        return new(NetworkTensors.Shape(sizes), 3 * sizeof(float) * sizes.Sum(), [.. gradients, .. omegas],
            kernels => kernels.AccumulateImportance(gradients, omegas, 1e-3f, ImportanceMeasure.Squared),
            (kernels, type) =>
            {
                var sums = NetworkTensors.Copies(omegas, type);
                kernels.AccumulateImportance(NetworkTensors.Copies(gradients, type), sums, 1e-3f, ImportanceMeasure.Squared);
                return sums;
            });
    }
}
