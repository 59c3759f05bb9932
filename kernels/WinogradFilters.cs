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
            double* half = stackalloc double[6 * 3], whole = stackalloc double[Points];
            for (int c = 0; c < channels; c++)
                for (int o = 0; o < width; o++)
                {
                    new Span<double>(whole, Points).Clear();
                    if (first + o < outputs)
                        Transform(filters + (first + o) * outputStep + c * channelStep, turned, half, whole);
                    for (int k = 0; k < Points; k++)
                        to[((long)k * channels + c) * width + o] = (float)whole[k];
                }
        });
    }

    private static void Transform(float* filter, bool turned, double* half, double* whole)
    {
        for (int j = 0; j < 3; j++)
        {
            double w0 = filter[turned ? 8 - j : j], w1 = filter[turned ? 5 - j : 3 + j], w2 = filter[turned ? 2 - j : 6 + j];
            TransformLine(w0, w1, w2, half + j, 3);
        }
        for (int i = 0; i < 6; i++)
            TransformLine(half[3 * i], half[3 * i + 1], half[3 * i + 2], whole + 6 * i, 1);
    }

    // G of three numbers: the polynomial at each point over the product of its distances to the others.
    private static void TransformLine(double w0, double w1, double w2, double* to, int step)
    {
        const double a2 = (double)A * A, b2 = (double)B * B, atZero = 1 / (a2 * b2), atA = 1 / (2 * a2 * (a2 - b2)), atB = 1 / (2 * b2 * (b2 - a2));
        double evenA = w0 + a2 * w2, oddA = A * w1, evenB = w0 + b2 * w2, oddB = B * w1;
        to[0] = w0 * atZero;
        to[step] = (evenA + oddA) * atA;
        to[2 * step] = (evenA - oddA) * atA;
        to[3 * step] = (evenB + oddB) * atB;
        to[4 * step] = (evenB - oddB) * atB;
        to[5 * step] = w2;
    }
}
