using System.Runtime.Intrinsics;

namespace Lacuna.Evaluation;

/// <summary>
/// The kernel row of one source over a block of neighbouring points, as a polynomial. With a = source - centre and a
/// point at centre + d,
/// <code>
/// exp(-g (a - d)^2) = exp(-g a^2) exp(2 g a d - g d^2) = sum_n e_n(a) d^n,
/// e_0 = exp(-g a^2),  e_{n+1} = (2 g a e_n - 2 g e_{n-1}) / (n + 1)
/// </code>
/// (the generating function of the Hermite polynomials; the expansion of the fast Gauss transform, Greengard and
/// Strain 1991). A block narrow against the kernel needs four or five multiplications a point instead of an exponential.
/// </summary>
internal sealed class GaussianExpansion
{
    public const double UnitRoundoff = 1.1102230246251565e-16; // 2^-53

    /// <summary>exp(-86) is still normal in float32, whose least normal value is exp(-87.3).</summary>
    private const double LargestNormalExponent = 86;

    /// <summary>exp(-104.5) rounds to zero in float32: half of its least value is exp(-103.97).</summary>
    private const double ZeroExponent = 104.5;

    /// <summary>Truncation error relative to the kernel; far below the 2^-24 of float32, so that few roundings are uncertain.</summary>
    private const double Truncation = 1e-13;

    private readonly double gamma, normalReach, reach;
    private readonly double[] reciprocals;

    /// <param name="gamma">Kernel exponent.</param>
    /// <param name="halfWidth">Largest |d|.</param>
    /// <param name="distance">Largest |a| that will be asked for.</param>
    public GaussianExpansion(double gamma, double halfWidth, double distance)
    {
        this.gamma = gamma;
        normalReach = Math.Sqrt(LargestNormalExponent / gamma) - halfWidth;
        ZeroReach = Math.Sqrt(ZeroExponent / gamma) + halfWidth;
        reach = Math.Min(distance, Math.Sqrt(LargestNormalExponent / gamma));
        Degree = SufficientDegree(gamma, halfWidth, reach);
        double exponent = gamma * (reach + halfWidth) * (reach + halfWidth);
        reciprocals = new double[Degree + 1];
        for (int n = 1; n <= Degree; n++) { reciprocals[n] = 1.0 / n; }
        RelativeError = Truncation + (((6 * exponent) + (4 * Degree) + 64) * UnitRoundoff);
    }

    public int Degree { get; }

    /// <summary>Beyond this distance of a source from a block's centre its row is 0 over the whole block, and need not be added.</summary>
    public double ZeroReach { get; }

    /// <summary>Bound of the relative error: truncation, rounding of the exponent and of the polynomial.</summary>
    public double RelativeError { get; }

    /// <summary>
    /// Degree that suffices for a block narrower than the widest: where points are dense a block of them is narrow, and a
    /// heavy tail, whose blocks are wide, must not raise the degree there.
    /// </summary>
    public int DegreeFor(double halfWidthOfBlock) => Math.Min(Degree, SufficientDegree(gamma, halfWidthOfBlock, reach));

    /// <summary>
    /// Width of a block whose <paramref name="points"/> over <paramref name="range"/> are evaluated one by one: narrow
    /// enough for degree four or five where points are plenty, wider where they are few (a block should hold tens of
    /// points to pay for its coefficients).
    /// </summary>
    public static double NarrowBlock(double gamma, double range, int points)
    {
        double unit = UnitBlock(gamma, range);
        return Math.Min(Math.Min(unit, range), Math.Max(unit / 64, 64 * range / points));
    }

    /// <summary>
    /// Width of a block that enters sums at up to <paramref name="distance"/> through its moments: few blocks, degree
    /// about ten.
    /// </summary>
    public static double WideBlock(double gamma, double range, double distance) =>
        Math.Min(range, UnitBlock(gamma, distance) / 16);

    /// <summary>Width at which |2 g a d| reaches 1 for the largest |a| that is not negligible.</summary>
    private static double UnitBlock(double gamma, double distance) =>
        1 / (gamma * Math.Min(distance, Math.Sqrt(LargestNormalExponent / gamma)));

    /// <summary>
    /// Coefficients up to a degree for many distances: <c>coefficients[n * stride + b]</c> is e_n(distances[b]), stride being the length
    /// of <paramref name="distances"/>, a multiple of 8. Where the kernel rounds to zero all are 0; where it may be
    /// subnormal in float32 the value is <paramref name="subnormal"/>.
    /// </summary>
    public void Coefficients(ReadOnlySpan<double> distances, Span<double> coefficients, double subnormal, int degree)
    {
        for (int b = 0; b < distances.Length; b += Vector512<double>.Count)
        {
            Coefficients(Vector512.Create(distances.Slice(b, Vector512<double>.Count)), coefficients[b..], distances.Length, subnormal, degree);
        }
    }

    /// <summary>As above, for eight distances; <c>coefficients[n * stride + k]</c> is e_n of the k-th.</summary>
    public void Coefficients(Vector512<double> a, Span<double> coefficients, int stride, double subnormal, int degree)
    {
        var twoGamma = Vector512.Create(2 * gamma);
        var normal = Vector512.LessThanOrEqual(Vector512.Abs(a), Vector512.Create(normalReach));
        var zero = Vector512.GreaterThan(Vector512.Abs(a), Vector512.Create(ZeroReach));
        var slope = twoGamma * a;
        var previous = Vector512<double>.Zero;
        // Kept from where the vectorised exponential falls back to the scalar one; such values are masked anyway.
        var exponent = Vector512.Max(a * a * Vector512.Create(-gamma), Vector512.Create(-200.0));
        var current = Vector512.ConditionalSelect(normal, Vector512.Exp(exponent), Vector512<double>.Zero);
        Vector512.ConditionalSelect(normal | zero, current, Vector512.Create(subnormal)).CopyTo(coefficients);
        for (int n = 1; n <= degree; n++)
        {
            var next = ((slope * current) - (twoGamma * previous)) * Vector512.Create(reciprocals[n]);
            next.CopyTo(coefficients[(n * stride)..]);
            (previous, current) = (current, next);
        }
    }

    /// <summary>
    /// Smallest degree whose remainder, bounded by that of the majorant exp(2 g |a| t + g t^2), is below
    /// <see cref="Truncation"/> relative to the smallest kernel value of the block.
    /// </summary>
    private static int SufficientDegree(double gamma, double halfWidth, double reach)
    {
        const int Terms = 80;
        Span<double> terms = stackalloc double[Terms];
        double t = halfWidth;
        terms[0] = 1;
        for (int n = 1; n < Terms; n++)
        {
            double beforePrevious = n > 1 ? terms[n - 2] : 0;
            terms[n] = ((2 * gamma * reach * t * terms[n - 1]) + (2 * gamma * t * t * beforePrevious)) / n;
        }

        double smallest = Math.Exp(-((2 * gamma * reach * t) + (gamma * t * t)));
        double remainder = 0;
        for (int degree = Terms - 1; degree > 1; degree--)
        {
            remainder += terms[degree];
            if (remainder > Truncation * smallest) { return degree; }
        }

        return 1;
    }
}
