using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A composition of four forget vectors with each image's own weights, clamped and normalised, on a batch of CIFAR's size.</summary>
internal sealed class ForgetVectorsCase : BenchCase
{
    public override string Name => "forget-vectors";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32, vectors = 4;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var images = DrawPixels([samples, 3, 32, 32], device, seed);
        var deltas = Draw([vectors, 3, 32, 32], device, seed + 1);
        var weights = DrawPixels([samples, vectors], device, seed + 2);
        var mean = DrawPixels([3], device, seed + 3);
        var deviation = DrawPixels([3], device, seed + 4).add_(0.5);
        ImageFinish Finish(ScalarType type) => new() { Low = 0, High = 1, Mean = mean.to(type), Deviation = deviation.to(type) };
        var finish = Finish(ScalarType.Float32);
        return new($"{samples} x 3 x 32 x 32, 4 vectors", sizeof(float) * (2 * samples * elements + vectors * (samples + elements)), [images, deltas, weights, mean, deviation],
            kernels => kernels.ApplyForgetVectors(images, deltas, weights, finish).Dispose(),
            (kernels, type) => [kernels.ApplyForgetVectors(images.to(type), deltas.to(type), weights.to(type), Finish(type))]);
    }
}
