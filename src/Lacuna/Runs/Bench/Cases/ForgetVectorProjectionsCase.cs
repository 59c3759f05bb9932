using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Dot products of the input gradients of a batch of CIFAR's size with four forget vectors.</summary>
internal sealed class ForgetVectorProjectionsCase : BenchCase
{
    public override string Name => "forget-vector-projections";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32, vectors = 4;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var gradient = Draw([samples, 3, 32, 32], device, seed);
        var deltas = Draw([vectors, 3, 32, 32], device, seed + 1);
        return new($"{samples} x 3 x 32 x 32, 4 vectors", sizeof(float) * (samples * elements + vectors * (samples + elements)), [gradient, deltas],
            kernels => kernels.ForgetVectorProjections(gradient, deltas).Dispose(),
            (kernels, type) => [kernels.ForgetVectorProjections(gradient.to(type), deltas.to(type))]);
    }
}
