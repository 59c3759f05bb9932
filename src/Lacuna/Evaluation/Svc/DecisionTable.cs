using System.Numerics.Tensors;

namespace Lacuna.Evaluation;

/// <summary>
/// Sums sum_k c_k exp(-gamma (x - x_k)^2) for many x: the support vectors of a block enter through the moments
/// sum_k c_k d_k^n of their offsets d_k from its centre (the fast Gauss transform of Greengard and Strain 1991), so that
/// the cost of one x is that of the blocks within reach, not of the support vectors.
/// </summary>
internal sealed class DecisionTable
{
    /// <summary>exp(-45) is below the rounding of a sum by kernels up to 1: farther vectors are left out.</summary>
    private const double NegligibleExponent = 45;

    private readonly GaussianExpansion expansion;
    private readonly double reach;
    private readonly double[] centres, moments, distances, row;

    /// <param name="gamma">Kernel exponent.</param>
    /// <param name="vectors">Support vectors, at least one.</param>
    /// <param name="coefficients">Coefficient of each.</param>
    /// <param name="lowestTarget">Smallest x that will be asked for.</param>
    /// <param name="highestTarget">Largest x that will be asked for.</param>
    public DecisionTable(double gamma, double[] vectors, double[] coefficients, double lowestTarget, double highestTarget)
    {
        int[] sorted = new int[vectors.Length];
        for (int k = 0; k < sorted.Length; k++) { sorted[k] = k; }
        Array.Sort((double[])vectors.Clone(), sorted);
        (double lowest, double highest) = (vectors[sorted[0]], vectors[sorted[^1]]);
        double negligible = Math.Sqrt(NegligibleExponent / gamma);
        double distance = Math.Min(negligible, Math.Max(Math.Max(highest, highestTarget) - lowest, highest - lowestTarget));
        double width = GaussianExpansion.WideBlock(gamma, highest - lowest, distance);
        reach = negligible + (width / 2);
        expansion = new GaussianExpansion(gamma, width / 2, distance + (width / 2));
        BlockPartition blocks = BlockPartition.Of(sorted, vectors, width, expansion, int.MaxValue);
        centres = blocks.Centres;
        centres.AsSpan(blocks.Count).Fill(centres[blocks.Count - 1]); // ascending to the end, for the search; their moments are 0
        distances = new double[centres.Length];
        moments = new double[centres.Length * (expansion.Degree + 1)];
        row = new double[moments.Length];
        for (int b = 0; b < blocks.Count; b++)
        {
            for (int slot = blocks.Starts[b]; slot < blocks.Starts[b + 1] && blocks.Ids[slot] >= 0; slot++)
            {
                double term = coefficients[blocks.Ids[slot]];
                for (int n = 0; n <= expansion.Degree; n++)
                {
                    moments[(n * centres.Length) + b] += term;
                    term *= blocks.Offsets[slot];
                }
            }
        }

        // Both this sum and the plain one in storage order round once a term.
        double magnitude = TensorPrimitives.SumOfMagnitudes<double>(coefficients);
        Error = magnitude * ((2 * expansion.RelativeError) + (4.0 * vectors.Length * GaussianExpansion.UnitRoundoff) + Math.Exp(-NegligibleExponent));
    }

    /// <summary>Bound of the difference between <see cref="Sum"/> and the sum taken term by term.</summary>
    public double Error { get; }

    public double Sum(double x)
    {
        int first = FirstAbove(x - reach) & ~7, end = Math.Min((FirstAbove(x + reach) + 7) & ~7, centres.Length);
        int count = end - first;
        if (count <= 0) { return 0; }
        Span<double> window = distances.AsSpan(0, count);
        TensorPrimitives.Subtract(x, centres.AsSpan(first, count), window);
        expansion.Coefficients(window, row, subnormal: 0, expansion.Degree);
        double sum = 0;
        for (int n = 0; n <= expansion.Degree; n++)
        {
            sum += TensorPrimitives.Dot<double>(row.AsSpan(n * count, count), moments.AsSpan((n * centres.Length) + first, count));
        }

        return sum;
    }

    /// <summary>First block whose centre lies above a value.</summary>
    private int FirstAbove(double value)
    {
        int found = Array.BinarySearch(centres, value);
        return found >= 0 ? found : ~found;
    }
}
