using Lacuna.Numerics;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Random starts of attacks on images of CIFAR's size.</summary>
internal sealed class AttackStartCase : BenchCase
{
    public override string Name => "l2-pgd-start";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var images = DrawPixels([samples, 3, 32, 32], device, seed);
        var draws = new DrawSource((ulong)seed);
        return new($"{samples} x 3 x 32 x 32", 2 * sizeof(float) * samples * elements, [images],
            kernels => kernels.StartInL2Ball(images, epsilon: 1, draws, firstRow: 0).Dispose(),
            (kernels, type) => [kernels.StartInL2Ball(images.to(type), epsilon: 1, draws, firstRow: 0)]);
    }
}
