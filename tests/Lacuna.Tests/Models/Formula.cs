using Lacuna.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models;

/// <summary>
/// Weights and images from integer arithmetic, bit-equal to those of make_forward_golden.py, so that two programs can
/// compute with the same network without a file between them.
/// </summary>
internal static class Formula
{
    private const long Prime = 10007;

    /// <summary>Element <paramref name="i"/> of tensor <paramref name="k"/>: j / 10007 with j a quadratic in i modulo the prime.</summary>
    public static double Value(long i, long k) => ((i * i * 31) + (i * k * 17) + (k * 101) + 7) % Prime / (double)Prime;

    /// <summary>Elements after which <see cref="Value"/> repeats: it depends on i modulo the prime only.</summary>
    public const int Period = (int)Prime;

    /// <summary>Numbers in [0,1) in a shape, float64.</summary>
    public static Tensor Values(long k, params long[] shape) => Tiled(OnePeriod(k), shape);

    /// <summary>The numbers of a tensor before they repeat, float64.</summary>
    public static Tensor OnePeriod(long k) => tensor(Enumerable.Range(0, Period).Select(i => Value(i, k)).ToArray());

    /// <summary>
    /// Replaces all weights and running statistics. Tensors are numbered by their names in ordinal order; matrices and
    /// filters are uniform with variance 1 / fan-in, scales and variances in [0.5, 1.5), everything else in [-0.2, 0.2).
    /// </summary>
    public static Classifier Fill(Classifier model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var state = model.state_dict().Where(e => !e.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).OrderBy(e => e.Key, StringComparer.Ordinal);
        foreach (var ((name, target), k) in state.Select((e, k) => (e, k)))
        {
            // Of one period, since large networks have a hundred million of them.
            var values = OnePeriod(k);
            if (target.dim() > 1) values = (values * 2 - 1) * Math.Sqrt(3.0 * target.size(0) / target.numel());
            else if (name.EndsWith("running_var", StringComparison.Ordinal) || IsScale(name)) values += 0.5;
            else values = (values - 0.5) * 0.4;
            target.copy_(Tiled(values.to(target.dtype), target.shape));
        }
        return model;
    }

    /// <summary>Float64, weights of the formula, eval mode.</summary>
    public static StagedClassifier Double(string architecture, ModelOptions options)
    {
        var model = ModelZoo.Create(architecture, options, seed: 0);
        model.to(float64);
        model.eval();
        Fill(model);
        return model;
    }

    private static Tensor Tiled(Tensor period, long[] shape)
    {
        using var scope = NewDisposeScope();
        var count = shape.Aggregate(1L, (a, b) => a * b);
        var rows = (count + Period - 1) / Period;
        return period.expand(rows, Period).reshape(rows * Period).narrow(0, 0, count).reshape(shape).MoveToOuterDisposeScope();
    }

    private static bool IsScale(string name) => name.EndsWith(".weight", StringComparison.Ordinal);
}
