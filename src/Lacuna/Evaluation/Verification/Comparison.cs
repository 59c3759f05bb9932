using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Verification;

/// <summary>Compares recomputed tensors with the reference, element by element in float64.</summary>
internal static class Comparison
{
    private const double RelativeShare = 1e-4;
    private const double ForwardShare = 1e-6;
    private const double GradientShare = 1e-5;
    private const double AttackDifference = 1e-3;
    private const double AttackShare = 0.03;

    /// <summary>One line for all tensors of a quantity; <paramref name="names"/> says which is which.</summary>
    public static Finding Of(string quantity, Limit limit, IReadOnlyList<string> names, IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        double absolute = 0, relative = 0, closeness = 0;
        var note = "";
        for (var i = 0; i < expected.Count; i++)
        {
            if (!expected[i].shape.AsSpan().SequenceEqual(actual[i].shape))
                return Missed(quantity, limit, $"{names[i]}: the reference has the shape [{string.Join(", ", expected[i].shape)}], the recomputed value [{string.Join(", ", actual[i].shape)}]");
            var (a, r, c) = Compare(limit, Values(expected[i]), Values(actual[i]));
            if (c > closeness && expected.Count > 1) note = $"closest to its limit: {names[i]}";
            (absolute, relative, closeness) = (Math.Max(absolute, a), Math.Max(relative, r), Math.Max(closeness, c));
        }
        return new(quantity, expected.Count, absolute, relative, closeness, Words(limit), closeness <= 1, note);
    }

    /// <summary>A line for what cannot be compared; it never holds.</summary>
    public static Finding Missed(string quantity, Limit limit, string why) =>
        new(quantity, 0, double.NaN, double.NaN, double.PositiveInfinity, Words(limit), false, why);

    private static (double Absolute, double Relative, double Closeness) Compare(Limit limit, double[] expected, double[] actual)
    {
        double absolute = 0, closeness = 0, scale = 0;
        foreach (var value in expected) scale = Math.Max(scale, Math.Abs(value));
        var share = limit == Limit.Forward ? ForwardShare : GradientShare;
        var far = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]);
            // NaN in one of the two, or differing infinities, is never close.
            if (double.IsNaN(error)) error = expected[i].Equals(actual[i]) ? 0 : double.PositiveInfinity;
            absolute = Math.Max(absolute, error);
            if (error > AttackDifference) far++;
            if (limit is Limit.Forward or Limit.Gradient && error > 0)
                closeness = Math.Max(closeness, error / (RelativeShare * Math.Abs(expected[i]) + share * scale));
        }
        closeness = limit switch
        {
            Limit.Attack => far / (AttackShare * Math.Max(1, expected.Length)),
            Limit.Exact => absolute > 0 ? double.PositiveInfinity : 0,
            _ => closeness,
        };
        return (absolute, scale > 0 ? absolute / scale : absolute, closeness);
    }

    private static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    private static string Words(Limit limit) => limit switch
    {
        Limit.Forward => "1e-4 |v| + 1e-6 max",
        Limit.Gradient => "1e-4 |v| + 1e-5 max",
        Limit.Attack => "≤ 3 % over 1e-3",
        _ => "equal",
    };
}
