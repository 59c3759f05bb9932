using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Half of up to ten million weights selected; the operators sort them.</summary>
internal sealed class LargestMagnitudesCase : BenchCase
{
    private const long MostElements = 10_000_000;

    public override string Name => "largest-magnitudes";

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var elements = Math.Clamp(bytes / sizeof(float), 2, MostElements);
        var weights = Draw([elements], device, seed);
        // Three readings for the threshold, one more for the mask, and the mask.
        return new($"{elements}", 5 * sizeof(float) * elements, [weights],
            kernels =>
            {
                var (masks, threshold) = kernels.LargestMagnitudes([weights], elements / 2);
                masks[0].Dispose();
                threshold.Dispose();
            },
            (kernels, type) =>
            {
                var (masks, threshold) = kernels.LargestMagnitudes([weights.to(type)], elements / 2);
                return [masks[0], threshold];
            });
    }
}
