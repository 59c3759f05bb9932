using Lacuna.Data;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Batches of CIFAR's size from a resident set of bytes, each image cropped and mirrored.</summary>
internal sealed class AssembleBatchCase : BenchCase
{
    public override string Name => "assemble-batch";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var batch = Math.Max(1, bytes / (sizeof(float) * elements));
        using var pixels = DrawPixels([batch, 3, 32, 32], device, seed);
        using var scaled = pixels.mul(256);
        using var numbers = DrawPixels([batch], device, seed + 1);
        using var places = numbers.mul(batch);
        var (set, rows) = (scaled.to(ScalarType.Byte), places.to(ScalarType.Int64)); // with repeats, as many rows as images
        return new($"{batch} x 3 x 32 x 32", (sizeof(float) + 1) * batch * elements, [set, rows],
            kernels => kernels.AssembleBatch(set, rows, Augmentation.Cifar, 1, seed).Dispose(),
            (kernels, type) => [kernels.AssembleBatch(set, rows, Augmentation.Cifar, 1, seed).to(type)]);
    }
}
