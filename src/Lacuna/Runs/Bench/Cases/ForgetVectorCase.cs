using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>One forget vector onto a batch of CIFAR's size.</summary>
internal sealed class ForgetVectorCase : BenchCase
{
    public override string Name => "forget-vector";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var images = DrawPixels([samples, 3, 32, 32], device, seed);
        var delta = Draw([3, 32, 32], device, seed + 1);
        return new($"{samples} x 3 x 32 x 32", sizeof(float) * (2 * samples * elements + elements), [images, delta],
            kernels => kernels.ApplyForgetVector(images, delta).Dispose(),
            (kernels, type) => [kernels.ApplyForgetVector(images.to(type), delta.to(type))]);
    }
}
