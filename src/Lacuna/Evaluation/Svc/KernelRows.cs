using System.Numerics.Tensors;

namespace Lacuna.Evaluation;

/// <summary>
/// Rows exp(-gamma |x_i - x_n|^2) over points of several features, which are kept feature by feature, [K][N], so that a row is made of
/// whole vectors.
/// </summary>
internal sealed class KernelRows
{
    private readonly double gamma;
    private readonly double[] squares;
    private readonly double[][] columns;

    /// <param name="points">[N, K], row by row.</param>
    /// <param name="dimensions">K.</param>
    /// <param name="gamma">In 1 / (unit of a feature)^2.</param>
    public KernelRows(ReadOnlySpan<double> points, int dimensions, double gamma)
    {
        this.gamma = gamma;
        Count = points.Length / dimensions;
        columns = new double[dimensions][];
        squares = new double[Count];
        for (int f = 0; f < dimensions; f++)
        {
            columns[f] = new double[Count];
            for (int n = 0; n < Count; n++) { columns[f][n] = points[(n * dimensions) + f]; }
            TensorPrimitives.FusedMultiplyAdd<double>(columns[f], columns[f], squares, squares);
        }
    }

    public int Count { get; }

    /// <summary>
    /// The row of a point of the set as libsvm stores it: float32, from the float64 exponent -gamma (x_i.x_i + x_n.x_n - 2 x_i.x_n), whose products are
    /// summed by fused multiply-adds in the order of the features, as OpenBLAS does for short vectors.
    /// </summary>
    /// <param name="i">The point.</param>
    /// <param name="row">[N], filled.</param>
    /// <param name="work">[2, N], overwritten.</param>
    public void Fill(int i, Span<float> row, Span<double> work)
    {
        Span<double> products = work[..Count], sums = work.Slice(Count, Count);
        products.Clear();
        foreach (double[] column in columns) { TensorPrimitives.FusedMultiplyAdd(column, column[i], products, products); }
        TensorPrimitives.Add(squares, squares[i], sums);
        TensorPrimitives.FusedMultiplyAdd(products, -2, sums, products); // twice a product is exact, so that this rounds once
        TensorPrimitives.Multiply(products, -gamma, products);
        TensorPrimitives.Exp<double>(products, products);
        TensorPrimitives.ConvertTruncating<double, float>(products, row); // rounds to nearest, as a conversion between floating-point types does
    }

    /// <summary>sum_n c_n exp(-gamma |x - x_n|^2) for any point, in float64 from differences, as libsvm predicts.</summary>
    /// <param name="point">[K].</param>
    /// <param name="coefficients">[N].</param>
    /// <param name="work">[2, N], overwritten.</param>
    public double Sum(ReadOnlySpan<double> point, ReadOnlySpan<double> coefficients, Span<double> work)
    {
        Span<double> distances = work[..Count], differences = work.Slice(Count, Count);
        distances.Clear();
        for (int f = 0; f < columns.Length; f++)
        {
            TensorPrimitives.Subtract(columns[f], point[f], differences);
            TensorPrimitives.FusedMultiplyAdd<double>(differences, differences, distances, distances);
        }

        TensorPrimitives.Multiply(distances, -gamma, distances);
        TensorPrimitives.Exp<double>(distances, distances);
        return TensorPrimitives.Dot(distances, coefficients);
    }
}
