using static TorchSharp.torch;

namespace Lacuna.Studies.Representation;

/// <summary>
/// Linear centred kernel alignment of two representations of the same images (Kornblith et al. 2019, arXiv 1905.00414, section 3) with K = XXᵀ and L = YYᵀ:
/// CKA = HSIC(K, L) / √(HSIC(K, K) HSIC(L, L)). 1 for features that differ by a rotation, one scale and a shift.
/// </summary>
/// <remarks>
/// With centred X and Y the biased HSIC is, but for a factor that cancels, ‖YᵀX‖² = tr(KL): the one is a product of features by features, the other of images by images,
/// and the smaller is taken. For few images and many features it lies far above 0 even for unrelated features. The unbiased estimator (Song et al. 2012; for CKA Nguyen et
/// al. 2021, arXiv 2010.15327) leaves each image's product with itself out; its expectation is 0 there, so it may fall a little below 0.
/// </remarks>
/// <param name="Biased">In [0, 1]; NaN when a representation is the same for all images.</param>
/// <param name="Unbiased">At most about 1; NaN when an HSIC of a representation with itself is not above 0.</param>
public readonly record struct LinearCka(double Biased, double Unbiased)
{
    /// <summary>Images that the unbiased estimator needs.</summary>
    public const int LeastImages = 4;

    /// <summary>Compares two representations; all in float64.</summary>
    /// <param name="first">[n, p], any floating type.</param>
    /// <param name="second">[n, q], of the same images in the same order.</param>
    /// <exception cref="ArgumentException">Not both are such tables, or they have fewer than <see cref="LeastImages"/> rows.</exception>
    public static LinearCka Of(Tensor first, Tensor second)
    {
        if (first.dim() != 2 || second.dim() != 2 || first.size(0) != second.size(0) || first.size(0) < LeastImages)
            throw new ArgumentException($"CKA compares two tables of features of the same images, {LeastImages} at least, not [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (x, y) = (Centred(first), Centred(second));
        var (xx, yy, xy) = (Hsic(x, x), Hsic(y, y), Hsic(x, y));
        return new(Ratio(xy.Biased, xx.Biased, yy.Biased), Ratio(xy.Unbiased, xx.Unbiased, yy.Unbiased));
    }

    private static double Ratio(double xy, double xx, double yy) => xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : double.NaN;

    private static Tensor Centred(Tensor features)
    {
        var wide = features.detach().to(float64);
        var centred = wide - wide.mean([0], keepdim: true);
        // Unit size overall: squares of squares neither overflow nor vanish. What rounding left of constant features counts as nothing.
        var size = centred.square().sum().item<double>();
        return size > 1e-24 * wide.square().sum().item<double>() ? centred / Math.Sqrt(size) : zeros_like(centred);
    }

    /// <summary>Both estimators, up to the factors that depend on n alone.</summary>
    private static (double Biased, double Unbiased) Hsic(Tensor x, Tensor y)
    {
        long n = x.size(0), p = x.size(1), q = y.size(1);
        var product = p * q <= n * n
            ? x.t().matmul(y).square().sum()
            : (x.matmul(x.t()) * y.matmul(y.t())).sum();
        var trace = product.item<double>();
        var (ownX, ownY) = (x.square().sum(dim: 1), y.square().sum(dim: 1));
        // Kernels without their diagonals. Rows of a centred kernel add up to 0, so those of what is left add up to minus the diagonal.
        var traceOff = trace - (ownX * ownY).sum().item<double>();
        var (sumX, sumY, cross) = (-ownX.sum().item<double>(), -ownY.sum().item<double>(), (ownX * ownY).sum().item<double>());
        return (trace, traceOff + sumX * sumY / ((double)(n - 1) * (n - 2)) - 2 * cross / (n - 2));
    }
}
