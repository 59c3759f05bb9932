using System.Runtime.Intrinsics;

namespace Lacuna.Kernels;

/// <summary>
/// Filters as <see cref="WinogradConvolution"/> reads them: G w G' of each, [panel of 32 outputs][36][C][32]; the last panel has 16 outputs where no more are left, and zeros
/// beyond the last output. Computed in float64 and rounded once.
/// </summary>
public static unsafe class WinogradFilters
{
    /// <summary>The points of the interpolation are 0, A, -A, B, -B and infinity.</summary>
    internal const float A = 0.625f, B = 1.5f;

    /// <summary>Products of a window, one in each of 6x6 places.</summary>
    internal const int Points = 36;

    /// <summary>Floats of a vector, and of a panel.</summary>
    internal const int Lanes = 16, Panel = 2 * Lanes;

    private const int Taps = 9;

    /// <summary>Floats that the prepared filters take: four times the filters, and more where channels must be rounded up.</summary>
    public static long Length(int channels, int outputs) => (long)Points * channels * RoundUp(outputs);

    /// <summary>Prepares the filters of a convolution.</summary>
    /// <param name="filters">w [O,C,3,3], row-major.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">O.</param>
    /// <param name="prepared">[<see cref="Length"/>(C, O)].</param>
    public static void Prepare(float* filters, int channels, int outputs, float* prepared) => Prepare(filters, channels, outputs, (long)channels * Taps, Taps, false, prepared);

    /// <summary>Prepares the filters of its gradient by the input, a convolution of O channels to C: turned round by half a turn, channels and outputs exchanged.</summary>
    /// <param name="filters">w [O,C,3,3], row-major.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">O.</param>
    /// <param name="prepared">[<see cref="Length"/>(O, C)].</param>
    public static void PrepareAdjoint(float* filters, int channels, int outputs, float* prepared) => Prepare(filters, outputs, channels, Taps, (long)channels * Taps, true, prepared);

    internal static int RoundUp(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    private static void Prepare(float* filters, int channels, int outputs, long outputStep, long channelStep, bool turned, float* prepared)
    {
        int rounded = RoundUp(outputs);
        Blocks.Each(Blocks.Count(rounded, Panel), panel =>
        {
            int first = (int)panel * Panel, width = Math.Min(Panel, rounded - first);
            float* to = prepared + (long)first * Points * channels;
            double* taps = stackalloc double[Taps * Lanes], half = stackalloc double[6 * 3 * Lanes], whole = stackalloc double[Points * Lanes];
            for (int c = 0; c < channels; c++)
                for (int o = 0; o < width; o += Lanes)
                {
                    Gather(filters + (first + o) * outputStep + c * channelStep, outputStep, turned, Math.Clamp(outputs - first - o, 0, Lanes), taps);
                    Transform(taps, half, whole);
                    for (int k = 0; k < Points; k++)
                        Vector512.Narrow(Vector512.Load(whole + k * Lanes), Vector512.Load(whole + k * Lanes + Lanes / 2)).Store(to + ((long)k * channels + c) * width + o);
                }
        });
    }

    // [tap][output] of some outputs and zeros beyond them.
    private static void Gather(float* filter, long step, bool turned, int outputs, double* taps)
    {
        new Span<double>(taps, Taps * Lanes).Clear();
        for (int o = 0; o < outputs; o++, filter += step)
            for (int tap = 0; tap < Taps; tap++)
                taps[tap * Lanes + o] = filter[turned ? Taps - 1 - tap : tap];
    }

    private static void Transform(double* taps, double* half, double* whole)
    {
        for (int j = 0; j < 3; j++)
            TransformLine(taps + j * Lanes, 3 * Lanes, half + j * Lanes, 3 * Lanes);
        for (int i = 0; i < 6; i++)
            TransformLine(half + 3 * i * Lanes, Lanes, whole + 6 * i * Lanes, Lanes);
    }

    // G of three numbers: the polynomial at each point over the product of its distances to the others.
    private static void TransformLine(double* from, int fromStep, double* to, int step)
    {
        const double a2 = (double)A * A, b2 = (double)B * B, atZero = 1 / (a2 * b2), atA = 1 / (2 * a2 * (a2 - b2)), atB = 1 / (2 * b2 * (b2 - a2));
        for (double* end = from + Lanes; from < end; from += Lanes / 2, to += Lanes / 2)
        {
            Vector512<double> w0 = Vector512.Load(from), w1 = Vector512.Load(from + fromStep), w2 = Vector512.Load(from + 2 * fromStep);
            Vector512<double> evenA = w0 + w2 * a2, oddA = w1 * A, evenB = w0 + w2 * b2, oddB = w1 * B;
            (w0 * atZero).Store(to);
            ((evenA + oddA) * atA).Store(to + step);
            ((evenA - oddA) * atA).Store(to + 2 * step);
            ((evenB + oddB) * atB).Store(to + 3 * step);
            ((evenB - oddB) * atB).Store(to + 4 * step);
            w2.Store(to + 5 * step);
        }
    }
}
