using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Convolutions of all kinds, and the importance of their weights by the formula in float64.</summary>
internal static class ConvolutionCase
{
    internal const float Scale = 1f / 7;

    internal static readonly ConvolutionShape[] Shapes =
    [
        new(0, 3, 5, 5, 4, 3, 3),
        new(1, 1, 1, 1, 1, 1, 1),
        new(5, 3, 7, 7, 4, 3, 3, PaddingY: 1, PaddingX: 1),                                              // a first layer: patches
        new(2, 3, 9, 6, 5, 5, 5, 2, 2, 2, 2),
        new(1, 1, 3, 40, 2, 1, 7, PaddingX: 5),                                                          // more padding than half a kernel
        new(5, 16, 6, 6, 16, 3, 3, PaddingY: 1, PaddingX: 1),
        new(3, 17, 5, 7, 18, 3, 3, 2, 2, 1, 1),                                                          // no whole tiles
        new(2, 33, 4, 5, 9, 1, 1),                                                                       // pointwise
        new(2, 20, 7, 5, 6, 1, 1, 2, 2),
        new(2, 10, 9, 9, 7, 3, 2, 1, 3, 0, 2, 2, 1),                                                     // nothing square
        new(2, 9, 8, 11, 3, 3, 3, 1, 2, 3, 3, 3, 2),                                                     // dilation
        new(2, 12, 6, 6, 8, 3, 3, PaddingY: 1, PaddingX: 1, Groups: 2),
        new(2, 40, 4, 4, 20, 2, 2, Groups: 4),
        new(3, 6, 5, 5, 6, 3, 3, PaddingY: 1, PaddingX: 1, Groups: 6),                                   // depthwise
        new(2, 4, 6, 5, 8, 3, 3, 2, 1, 1, 0, Groups: 4),
        new(1, 8, 9, 9, 5, 9, 9),                                                                        // one position
        new(1, 2, 2, 3, 3, 2, 2, 5, 5, 4, 4),                                                            // places that meet no pixel
    ];

    internal static TheoryData<int, ImportanceMeasure> Cases
    {
        get
        {
            var cases = new TheoryData<int, ImportanceMeasure>();
            for (int i = 0; i < Shapes.Length; i++)
                foreach (ImportanceMeasure measure in Enum.GetValues<ImportanceMeasure>())
                    cases.Add(i, measure);
            return cases;
        }
    }

    internal static (float[] Input, float[] Gradient, float[] Omega) Numbers(ConvolutionShape shape) =>
    (
        Samples.Uniform((int)(shape.Samples * shape.InputSize), 1), Samples.Uniform((int)(shape.Samples * shape.OutputSize), 2),
        [.. Samples.Uniform((int)shape.Weights, 3).Select(MathF.Abs)]
    );

    /// <summary>omega by the formula, and how far a result may be from it that sums in float32 in any order.</summary>
    internal static (double Value, double Bound)[] Exact(float[] input, float[] gradient, float[] omega, ConvolutionShape shape, ImportanceMeasure measure)
    {
        var result = new (double, double)[shape.Weights];
        for (int w = 0; w < result.Length; w++)
        {
            int o = w / shape.Patch, element = w % shape.Patch;
            int c = element / shape.Taps + o / shape.GroupOutputs * shape.GroupChannels;
            double total = 0, error = 0;
            for (int n = 0; n < shape.Samples; n++)
            {
                double g = 0, size = 0;
                for (int p = 0; p < shape.Positions; p++)
                {
                    int y = p / shape.OutputWidth * shape.StrideY - shape.PaddingY + element % shape.Taps / shape.KernelWidth * shape.DilationY;
                    int x = p % shape.OutputWidth * shape.StrideX - shape.PaddingX + element % shape.KernelWidth * shape.DilationX;
                    bool inside = y >= 0 && y < shape.Height && x >= 0 && x < shape.Width;
                    double product = gradient[(n * shape.Outputs + o) * shape.Positions + p]
                        * (inside ? (double)input[((n * shape.Channels + c) * shape.Height + y) * shape.Width + x] : 0);
                    g += product;
                    size += Math.Abs(product);
                }
                Accumulate(ref total, ref error, g, size * (shape.Positions + 1) * Near.Rounding, measure);
            }
            result[w] = Finish(omega[w], total, error, shape.Samples, Scale);
        }
        return result;
    }

    /// <summary>Adds a sample's measure and the error that its gradient's error makes in it.</summary>
    internal static void Accumulate(ref double total, ref double error, double g, double errorOfG, ImportanceMeasure measure)
    {
        total += measure == ImportanceMeasure.Absolute ? Math.Abs(g) : g * g;
        error += measure == ImportanceMeasure.Absolute ? errorOfG : errorOfG * (2 * Math.Abs(g) + errorOfG);
    }

    /// <summary>The sum over samples, scaled and added to what was there: every step rounds.</summary>
    internal static (double Value, double Bound) Finish(float before, double total, double error, long samples, float scale)
    {
        double value = before + scale * total;
        return (value, scale * error + (samples + 5) * Near.Rounding * (Math.Abs(before) + scale * (total + error)));
    }

    internal static void Expect((double Value, double Bound)[] exact, ReadOnlySpan<float> actual)
    {
        Assert.Equal(exact.Length, actual.Length);
        for (int i = 0; i < exact.Length; i++)
            Near.Equal(exact[i].Value, actual[i], exact[i].Bound);
    }
}
