using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Squared norms of target and irrelevant input gradients of CIFAR's size, and their difference.</summary>
internal sealed class SensitivityGapCase : BenchCase
{
    public override string Name => "sensitivity-gap";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        const long elements = 3 * 32 * 32;
        var samples = Math.Max(1, bytes / (sizeof(float) * elements));
        var (target, irrelevant) = (Draw([samples, 3, 32, 32], device, seed), Draw([samples, 3, 32, 32], device, seed + 1).mul_(0.5));
        return new($"2 x {samples} x 3 x 32 x 32", sizeof(float) * (2 * samples * elements + 3 * samples), [target, irrelevant],
            kernels =>
            {
                var (t, r, gap) = kernels.SensitivityGap(target, irrelevant);
                t.Dispose();
                r.Dispose();
                gap.Dispose();
            },
            (kernels, type) =>
            {
                var (t, r, gap) = kernels.SensitivityGap(target.to(type), irrelevant.to(type));
                return [t, r, gap];
            });
    }
}
