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

    /// <summary>Numbers in [0,1) in a shape, float64.</summary>
    public static Tensor Values(long k, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = Value(i, k);
        return tensor(values, shape);
    }

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
            var values = Values(k, target.shape);
            if (target.dim() > 1) values = (values * 2 - 1) * Math.Sqrt(3.0 * target.size(0) / target.numel());
            else if (name.EndsWith("running_var", StringComparison.Ordinal) || IsScale(name)) values += 0.5;
            else values = (values - 0.5) * 0.4;
            target.copy_(values);
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

    private static bool IsScale(string name) => name.EndsWith(".weight", StringComparison.Ordinal);
}
