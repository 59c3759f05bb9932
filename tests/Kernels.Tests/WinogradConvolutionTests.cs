using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Against the formula in float64, with the bound that roundings on the way to an output can add up to.</summary>
public sealed class WinogradConvolutionTests
{
    // Samples, height, width, channels, outputs: whole and ragged tiles, images smaller than one, more tiles than are worked on at a time, idle lanes, panels of 16 and of 32 outputs.
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 16, 16 },
        { 3, 2, 5, 16, 48 },
        { 2, 4, 4, 64, 64 },
        { 1, 7, 6, 32, 16 },
        { 1, 33, 33, 16, 32 },
        { 5, 8, 8, 16, 16 },
        { 2, 13, 3, 3, 20 },
        { 1, 6, 9, 17, 3 },
        { 1, 5, 5, 144, 33 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithTheFormula(int samples, int height, int width, int channels, int outputs)
    {
        var shape = Shape(samples, height, width, channels, outputs);
        Check(shape, Samples.Uniform((int)(samples * shape.InputSize), 1), Samples.Uniform((int)shape.Weights, 2));
    }

    /// <summary>Where everything cancels: a large constant, and rows a million times larger than their neighbours.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ErrorsStayWithinTheBoundWhereNumbersAreFarApart(bool byRow)
    {
        var shape = Shape(2, 10, 11, 32, 16);
        float[] input = Samples.Uniform((int)(2 * shape.InputSize), 1);
        for (int i = 0; i < input.Length; i++)
            input[i] = byRow ? input[i] * (i / (32 * 11) % 3 == 0 ? 1e6f : 1) : input[i] + 1000;
        Check(shape, input, Samples.Uniform((int)shape.Weights, 2));
    }

    /// <summary>Random numbers: what is measured is 5e-7 of the sum of magnitudes at most, twice that of the formula in float32.</summary>
    [Fact]
    public void ErrorsAreSmallForNumbersOfOneSize()
    {
        var shape = Shape(2, 16, 16, 64, 32);
        float[] input = Samples.Uniform((int)(2 * shape.InputSize), 3), filters = Samples.Uniform((int)shape.Weights, 4);
        float[] actual = Run(shape, input, filters);
        var (exact, magnitude) = Exact(shape, input, filters);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(actual[i] - exact[i]) <= 1e-6 * magnitude[i], $"{i}: {actual[i]} for {exact[i]}, magnitudes {magnitude[i]}");
    }

    [Theory]
    [InlineData(9, 6, 32, 16)]
    [InlineData(8, 8, 5, 18)]
    public unsafe void WhatFollowsIsDoneInTheSamePass(int height, int width, int channels, int outputs)
    {
        var shape = Shape(2, height, width, channels, outputs);
        float[] input = Samples.Uniform((int)(2 * shape.InputSize), 5), filters = Samples.Uniform((int)shape.Weights, 6);
        float[] plain = Run(shape, input, filters), bias = Samples.Uniform(outputs, 7), addend = Samples.Uniform(plain.Length, 8), gate = Samples.Uniform(plain.Length, 9);
        float[] prepared = Prepared(filters, channels, outputs, adjoint: false);
        float[] Finished(bool withBias, bool withAddend, float? ceiling, bool gated)
        {
            var result = new float[plain.Length + 2];
            result[0] = result[^1] = 9;
            fixed (float* x = input, u = prepared, b = bias, s = addend, h = gate, y = result)
                if (gated)
                    WinogradConvolution.GatedCpu(x, u, withAddend ? s : null, h, y + 1, 2, height, width, channels, outputs, ceiling!.Value);
                else
                    WinogradConvolution.Cpu(x, u, withBias ? b : null, withAddend ? s : null, y + 1, 2, height, width, channels, outputs, ceiling);
            Assert.Equal((9f, 9f), (result[0], result[^1]));
            return result[1..^1];
        }
        float[] Expected(Func<int, float> one) => [.. Enumerable.Range(0, plain.Length).Select(one)];
        Assert.Equal(Expected(i => plain[i] + bias[i % outputs]), Finished(true, false, null, false));
        Assert.Equal(Expected(i => plain[i] + addend[i]), Finished(false, true, null, false));
        Assert.Equal(Expected(i => Math.Clamp(plain[i] + bias[i % outputs] + addend[i], 0, 0.5f)), Finished(true, true, 0.5f, false));
        Assert.Equal(Expected(i => Math.Max(plain[i], 0)), Finished(false, false, float.PositiveInfinity, false));
        Assert.Equal(Expected(i => gate[i] > 0 && gate[i] < 0.5f ? plain[i] + addend[i] : 0), Finished(false, true, 0.5f, true));
        Assert.Equal(Expected(i => gate[i] > 0 ? plain[i] : 0), Finished(false, false, float.PositiveInfinity, true));
    }

    [Theory]
    [InlineData(16, 32)]
    [InlineData(32, 3)]
    public void TheAdjointIsTheGradientByTheInput(int channels, int outputs)
    {
        var shape = Shape(2, 7, 9, channels, outputs);
        float[] gradient = Samples.Uniform((int)(2 * shape.OutputSize), 1), filters = Samples.Uniform((int)shape.Weights, 2);
        // grad_x[n,p,q,c] = sum over o, i, j of g[n, p+1-i, q+1-j, o] w[o,c,i,j]: a convolution by w turned round.
        var turned = new float[filters.Length];
        for (int o = 0; o < outputs; o++)
            for (int c = 0; c < channels; c++)
                for (int k = 0; k < 9; k++)
                    turned[(c * outputs + o) * 9 + 8 - k] = filters[(o * channels + c) * 9 + k];
        var back = Shape(2, 7, 9, outputs, channels);
        Assert.Equal(Run(back, gradient, turned), Run(back, gradient, Prepared(filters, channels, outputs, adjoint: true), prepared: true));
        Check(back, gradient, turned);
    }

    [Fact]
    public async Task ProcessorsDoNotChangeABit()
    {
        var shape = Shape(7, 32, 32, 16, 32);
        float[] input = Samples.Uniform((int)(7 * shape.InputSize), 1), filters = Samples.Uniform((int)shape.Weights, 2);
        float[] many = Run(shape, input, filters);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        Assert.Equal(many, await Task.Factory.StartNew(() => Run(shape, input, filters), TestContext.Current.CancellationToken, TaskCreationOptions.None, one));
    }

    /// <summary>A window is transformed as a whole.</summary>
    [Fact]
    public void NotANumberReachesTheTilesWhoseWindowsHoldItAndNoOthers()
    {
        var shape = Shape(2, 12, 12, 16, 16);
        float[] input = Samples.Uniform((int)(2 * shape.InputSize), 1), filters = Samples.Uniform((int)shape.Weights, 2);
        float[] before = Run(shape, input, filters);
        input[(5 * 12 + 5) * 16 + 3] = float.NaN; // in the middle tile, and in no other's window
        float[] after = Run(shape, input, filters);
        for (int i = 0; i < after.Length; i++)
        {
            int pixel = i / 16;
            bool middle = pixel < 144 && pixel / 12 / 4 == 1 && pixel % 12 / 4 == 1;
            Assert.Equal(middle ? float.NaN : before[i], after[i]);
        }
    }

    private static ConvolutionShape Shape(int samples, int height, int width, int channels, int outputs) => new(samples, channels, height, width, outputs, 3, 3, PaddingY: 1, PaddingX: 1);

    private static unsafe float[] Prepared(float[] filters, int channels, int outputs, bool adjoint)
    {
        var prepared = new float[adjoint ? WinogradFilters.Length(outputs, channels) : WinogradFilters.Length(channels, outputs)];
        fixed (float* w = filters, u = prepared)
            if (adjoint)
                WinogradFilters.PrepareAdjoint(w, channels, outputs, u);
            else
                WinogradFilters.Prepare(w, channels, outputs, u);
        return prepared;
    }

    private static unsafe float[] Run(ConvolutionShape shape, float[] input, float[] filters, bool prepared = false)
    {
        var output = new float[shape.Samples * shape.OutputSize];
        fixed (float* x = input, u = prepared ? filters : Prepared(filters, shape.Channels, shape.Outputs, adjoint: false), y = output)
            WinogradConvolution.Cpu(x, u, null, null, y, shape.Samples, shape.Height, shape.Width, shape.Channels, shape.Outputs, null);
        return output;
    }

    /// <summary>
    /// An error is at most (C + 11) u E with E the same computation of magnitudes, |A'| ((|G| |w| |G'|) * (|B'| |d| |B|)) |A| summed over the channels, and u one rounding: 4 roundings
    /// on the way through B, one of G w G', C of the sum, 6 through A.
    /// </summary>
    private static void Check(ConvolutionShape shape, float[] input, float[] filters)
    {
        float[] actual = Run(shape, input, filters);
        double[] exact = Exact(shape, input, filters).Values, bound = Bounds(shape, input, filters);
        for (int i = 0; i < actual.Length; i++)
            Near.Equal(exact[i], actual[i], 1.001 * (shape.Channels + 11) * Near.Rounding * bound[i]);
    }

    private static (double[] Values, double[] Magnitudes) Exact(ConvolutionShape shape, float[] input, float[] filters)
    {
        double[] values = new double[shape.Samples * shape.OutputSize], magnitudes = new double[values.Length];
        int at = 0;
        for (int n = 0; n < shape.Samples; n++)
            for (int p = 0; p < shape.Height; p++)
                for (int q = 0; q < shape.Width; q++)
                    for (int o = 0; o < shape.Outputs; o++, at++)
                        for (int k = 0; k < 9; k++)
                        {
                            int y = p + k / 3 - 1, x = q + k % 3 - 1;
                            if (y < 0 || x < 0 || y >= shape.Height || x >= shape.Width)
                                continue;
                            for (int c = 0; c < shape.Channels; c++)
                            {
                                double product = (double)input[((n * shape.Height + y) * shape.Width + x) * shape.Channels + c] * filters[(o * shape.Channels + c) * 9 + k];
                                values[at] += product;
                                magnitudes[at] += Math.Abs(product);
                            }
                        }
        return (values, magnitudes);
    }

    private static double[] Bounds(ConvolutionShape shape, float[] input, float[] filters)
    {
        const double a = 0.625, b = 1.5, a2 = a * a, b2 = b * b, atA = 2 * a2 * (b2 - a2), atB = 2 * b2 * (b2 - a2);
        double[][] data =
        [
            [a2 * b2, 0, a2 + b2, 0, 1, 0], [0, a * b2, b2, a, 1, 0], [0, a * b2, b2, a, 1, 0], [0, b * a2, a2, b, 1, 0], [0, b * a2, a2, b, 1, 0], [0, a2 * b2, 0, a2 + b2, 0, 1],
        ];
        double[][] filter = [[1 / (a2 * b2), 0, 0], [1 / atA, a / atA, a2 / atA], [1 / atA, a / atA, a2 / atA], [1 / atB, b / atB, b2 / atB], [1 / atB, b / atB, b2 / atB], [0, 0, 1]];
        double[][] sum = [[1, 1, 1, 1, 1, 0], [0, a, a, b, b, 0], [0, a2, a2, b2, b2, 0], [0, a * a2, a * a2, b * b2, b * b2, 1]];
        var bounds = new double[shape.Samples * shape.OutputSize];
        var weights = new double[shape.Outputs * shape.Channels][];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Both(filter, 6, 3, (y, x) => Math.Abs(filters[i * 9 + y * 3 + x]));
        for (int n = 0; n < shape.Samples; n++)
            for (int top = 0; top < shape.Height; top += 4)
                for (int left = 0; left < shape.Width; left += 4)
                {
                    var window = new double[shape.Channels][];
                    for (int c = 0; c < shape.Channels; c++)
                        window[c] = Both(data, 6, 6, (i, j) =>
                        {
                            int y = top + i - 1, x = left + j - 1;
                            return y < 0 || x < 0 || y >= shape.Height || x >= shape.Width ? 0 : Math.Abs(input[((n * shape.Height + y) * shape.Width + x) * shape.Channels + c]);
                        });
                    for (int o = 0; o < shape.Outputs; o++)
                    {
                        var products = new double[36];
                        for (int c = 0; c < shape.Channels; c++)
                            for (int k = 0; k < 36; k++)
                                products[k] += weights[o * shape.Channels + c][k] * window[c][k];
                        double[] tile = Both(sum, 4, 6, (i, j) => products[6 * i + j]);
                        for (int i = 0; i < 4 && top + i < shape.Height; i++)
                            for (int j = 0; j < 4 && left + j < shape.Width; j++)
                                bounds[((n * shape.Height + top + i) * shape.Width + left + j) * shape.Outputs + o] = tile[4 * i + j];
                    }
                }
        return bounds;
    }

    // M v M' of magnitudes.
    private static double[] Both(double[][] matrix, int rows, int columns, Func<int, int, double> value)
    {
        double[] half = new double[rows * columns], whole = new double[rows * rows];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int k = 0; k < columns; k++)
                    half[i * columns + j] += matrix[i][k] * value(k, j);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++)
                for (int k = 0; k < columns; k++)
                    whole[i * rows + j] += half[i * columns + k] * matrix[j][k];
        return whole;
    }
}
