using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Squared norms of input gradients of CIFAR's size.</summary>
internal sealed class SquaredNormsCase : BenchCase
{
    public override string Name => "squared-norms";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var gradient = Draw([samples, 3, 32, 32], device, seed);
        return new($"{samples} x 3 x 32 x 32", sizeof(float) * (samples * elements + samples), [gradient],
            kernels => kernels.SquaredNorms(gradient).Dispose(),
            (kernels, type) => [kernels.SquaredNorms(gradient.to(type))]);
    }
}
