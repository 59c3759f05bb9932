using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Against the formulas in float64.</summary>
public sealed class BatchNormalisationTests
{
    private const double Epsilon = 1e-5, Momentum = 0.1;

    // Vectors that hold several channels, and rows of many vectors; one piece, many, and pieces that end within a group of rows; two rows.
    public static TheoryData<int, int> Shapes { get; } = new()
    {
        { 2, 1 }, { 2, 16 }, { 7, 3 }, { 100, 17 }, { 4096, 16 }, { 5003, 24 }, { 9001, 33 }, { 1031, 512 }, { 33, 1280 }, { 20, 1001 }, { 70_000, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAgreesWithTheFormula(int rows, int channels)
    {
        var data = new Case(rows, channels, mean: 1, deviation: 1);
        foreach (bool added in new[] { false, true })
            foreach (float? ceiling in new float?[] { null, float.PositiveInfinity, 0.75f })
                CheckForward(data, added ? Samples.Uniform(rows * channels, 9) : null, ceiling);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientsAgreeWithTheFormula(int rows, int channels) => CheckBackward(new Case(rows, channels, mean: 1, deviation: 1));

    /// <summary>A mean of a hundred thousand deviations: float32 holds y in steps of a hundredth of its deviation, and the formula is taken of what it holds.</summary>
    [Theory]
    [InlineData(4096, 16)]
    [InlineData(5003, 24)]
    public void ALargeMeanCostsNoDigits(int rows, int channels)
    {
        var data = new Case(rows, channels, mean: 1000, deviation: 0.01f);
        CheckForward(data, null, null);
        CheckBackward(data);
    }

    [Fact]
    public void AConstantChannelHasNoVariance()
    {
        var data = new Case(1000, 16, mean: 0, deviation: 1);
        for (int m = 0; m < 1000; m++)
            data.Y[m * 16 + 5] = 0.1f;
        (float[] z, float[] mean, float[] inverse, _, float[] variances) = data.Forward(null, null);
        Assert.Equal((0.1f, (float)(1 / Math.Sqrt(Epsilon))), (mean[5], inverse[5]));
        Assert.Equal((float)(0.9 * data.RunningVariance[5]), variances[5]);
        Assert.All(Enumerable.Range(0, 1000), m => Assert.Equal(data.Beta[5], z[m * 16 + 5]));
        CheckForward(data, null, null);
        CheckBackward(data);
    }

    /// <summary>The first value is no measure of the others.</summary>
    [Fact]
    public void AnOutlierCostsNoDigits()
    {
        var data = new Case(4096, 16, mean: 0, deviation: 1);
        data.Y.AsSpan(0, 16).Fill(1000);
        CheckForward(data, null, null);
    }

    [Fact]
    public void NotANumberReachesItsChannelAlone()
    {
        var data = new Case(50, 17, mean: 0, deviation: 1);
        data.Y[3 * 17 + 4] = float.NaN;
        float[] z = data.Forward(null, float.PositiveInfinity).Output;
        for (int i = 0; i < z.Length; i++)
            Assert.Equal(i % 17 == 4, float.IsNaN(z[i]));
    }

    [Fact]
    public async Task ProcessorsDoNotChangeABit()
    {
        var data = new Case(70_000, 16, mean: 1, deviation: 1);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        (float[] z, float[] mean, float[] inverse, _, _) = data.Forward(null, null);
        (float[] alone, _, _, _, _) = await Task.Factory.StartNew(() => data.Forward(null, null), TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(z, alone);
        (float[] dy, float[] byGamma, float[] byBeta) = data.Backward(mean, inverse);
        var back = await Task.Factory.StartNew(() => data.Backward(mean, inverse), TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(dy, back.ByY);
        Assert.Equal(byGamma, back.ByGamma);
        Assert.Equal(byBeta, back.ByBeta);
    }

    private static void CheckForward(Case data, float[]? addend, float? ceiling)
    {
        (float[] z, float[] mean, float[] inverse, float[] runningMean, float[] runningVariance) = data.Forward(addend, ceiling);
        for (int c = 0; c < data.Channels; c++)
        {
            (double exactMean, double exactVariance) = data.Moments(c);
            double deviation = Math.Sqrt(exactVariance), exactInverse = 1 / Math.Sqrt(exactVariance + Epsilon);
            Near.Equal(exactMean, mean[c], 2 * Near.Rounding * (Math.Abs(exactMean) + 8 * deviation));
            Near.Equal(exactInverse, inverse[c], 16 * Near.Rounding * exactInverse);
            Near.Equal(0.1 * exactMean + 0.9 * data.RunningMean[c], runningMean[c], 4 * Near.Rounding * (Math.Abs(exactMean) + deviation + 1));
            double unbiased = exactVariance * data.Rows / (data.Rows - 1);
            Near.Equal(0.1 * unbiased + 0.9 * data.RunningVariance[c], runningVariance[c], 4 * Near.Rounding * (unbiased + 1));
            for (int m = 0; m < data.Rows; m++)
            {
                int i = m * data.Channels + c;
                double normalised = (data.Y[i] - exactMean) * exactInverse, exact = data.Gamma[c] * normalised + data.Beta[c] + (addend?[i] ?? 0);
                if (ceiling is { } top)
                    exact = Math.Min(Math.Max(exact, 0), top);
                // The mean is rounded to float32, whatever lies behind it; the rest are some roundings of each term.
                double bound = Near.Rounding * (Math.Abs(data.Gamma[c]) * (2 * Math.Abs(exactMean) * exactInverse + 24 * Math.Abs(normalised)) + 2 * Math.Abs(data.Beta[c]) + 4);
                Near.Equal(exact, z[i], bound);
            }
        }
    }

    private static void CheckBackward(Case data)
    {
        (_, float[] mean, float[] inverse, _, _) = data.Forward(null, null);
        (float[] dy, float[] byGamma, float[] byBeta) = data.Backward(mean, inverse);
        for (int c = 0; c < data.Channels; c++)
        {
            (double exactMean, double variance) = data.Moments(c);
            double scale = 1 / Math.Sqrt(variance + Epsilon), total = 0, along = 0, size = 0, sizeAlong = 0;
            for (int m = 0; m < data.Rows; m++)
            {
                double g = data.Gradient[m * data.Channels + c], normalised = (data.Y[m * data.Channels + c] - exactMean) * scale;
                (total, along, size, sizeAlong) = (total + g, along + g * normalised, size + Math.Abs(g), sizeAlong + Math.Abs(g * normalised));
            }
            // Of the rounded mean: it moves every x' by as much, and so the sum along by the total; and 1/8 of the rest, the roundings of sums of eight.
            double off = 2 * Near.Rounding * Math.Abs(exactMean) * scale;
            Near.Equal(total, byBeta[c], 8 * Near.Rounding * size);
            Near.Equal(along, byGamma[c], 24 * Near.Rounding * sizeAlong + off * size);
            for (int m = 0; m < data.Rows; m++)
            {
                int i = m * data.Channels + c;
                double g = data.Gradient[i], normalised = (data.Y[i] - exactMean) * scale, factor = Math.Abs(data.Gamma[c] * scale);
                double exact = data.Gamma[c] * scale * (g - total / data.Rows - normalised * along / data.Rows);
                double bound = factor * (24 * Near.Rounding * (Math.Abs(g) + size / data.Rows + (Math.Abs(normalised) + 1) * sizeAlong / data.Rows) + off * (1 + Math.Abs(normalised)) * size / data.Rows);
                Near.Equal(exact, dy[i], bound);
            }
        }
    }

    private sealed class Case
    {
        internal Case(int rows, int channels, float mean, float deviation)
        {
            (Rows, Channels) = (rows, channels);
            Y = [.. Samples.Uniform(rows * channels, 1).Select((value, i) => mean * (1 + i % channels % 3) + deviation * value)];
            Gradient = Samples.Uniform(rows * channels, 2);
            (Gamma, Beta) = (Samples.Uniform(channels, 3), Samples.Uniform(channels, 4));
            (RunningMean, RunningVariance) = (Samples.Uniform(channels, 5), [.. Samples.Uniform(channels, 6).Select(MathF.Abs)]);
        }

        internal int Rows { get; }

        internal int Channels { get; }

        internal float[] Y { get; }

        internal float[] Gradient { get; }

        internal float[] Gamma { get; }

        internal float[] Beta { get; }

        internal float[] RunningMean { get; }

        internal float[] RunningVariance { get; }

        internal (double Mean, double Variance) Moments(int channel)
        {
            double mean = 0, variance = 0;
            for (int m = 0; m < Rows; m++)
                mean += Y[m * Channels + channel] / (double)Rows;
            for (int m = 0; m < Rows; m++)
                variance += (Y[m * Channels + channel] - mean) * (Y[m * Channels + channel] - mean) / Rows;
            return (mean, variance);
        }

        internal unsafe (float[] Output, float[] Mean, float[] Inverse, float[] RunningMean, float[] RunningVariance) Forward(float[]? addend, float? ceiling)
        {
            var output = new float[Y.Length + 2];
            output[0] = output[^1] = 9;
            float[] mean = new float[Channels], inverse = new float[Channels], means = [.. RunningMean], variances = [.. RunningVariance];
            fixed (float* y = Y, s = addend, gamma = Gamma, beta = Beta, z = output, m = mean, v = inverse, rm = means, rv = variances)
                BatchNormalisation.Cpu(y, s, gamma, beta, z + 1, m, v, rm, rv, Rows, Channels, Epsilon, Momentum, ceiling);
            Assert.Equal((9f, 9f), (output[0], output[^1]));
            return (output[1..^1], mean, inverse, means, variances);
        }

        internal unsafe (float[] ByY, float[] ByGamma, float[] ByBeta) Backward(float[] mean, float[] inverse)
        {
            float[] dy = [9, .. Y, 9], byGamma = new float[Channels], byBeta = new float[Channels];
            fixed (float* g = Gradient, y = dy, gamma = Gamma, m = mean, v = inverse, dg = byGamma, db = byBeta)
                BatchNormalisation.GradientCpu(g, y + 1, gamma, m, v, dg, db, Rows, Channels);
            Assert.Equal((9f, 9f), (dy[0], dy[^1]));
            return (dy[1..^1], byGamma, byBeta);
        }
    }
}
