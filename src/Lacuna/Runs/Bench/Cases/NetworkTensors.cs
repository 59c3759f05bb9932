using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>Tensors as a network has them: few large, many small.</summary>
internal static class NetworkTensors
{
    private const long Bias = 64;

    /// <summary>Elements of each tensor of a network of so many bytes: each half of what is left, with a small one beside it.</summary>
    public static long[] Split(long bytes)
    {
        var left = Math.Max(1, bytes / sizeof(float));
        var sizes = new List<long>();
        while (left > 4 * Bias)
        {
            sizes.Add(left / 2);
            sizes.Add(Bias);
            left -= left / 2 + Bias;
        }
        return [.. sizes, left];
    }

    /// <summary>Copies of another type.</summary>
    public static Tensor[] Copies(IEnumerable<Tensor> tensors, ScalarType type) => [.. tensors.Select(t => t.to(type, copy: true))];

    /// <summary>How many tensors and elements, for people.</summary>
    public static string Shape(IReadOnlyCollection<long> sizes) => FormattableString.Invariant($"{sizes.Count} tensors, {sizes.Sum()}");
}
