using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Against the formula in float64.</summary>
public sealed class WinogradFilterGradientTests
{
    // Few filters and many; more tiles than are summed in registers, than are transformed together, and than fit the budget; ragged tiles, idle lanes, an odd number of vectors of outputs.
    [Theory]
    [InlineData(0, 4, 4, 16, 16)]
    [InlineData(1, 1, 1, 16, 16)]
    [InlineData(2, 9, 7, 32, 48)]
    [InlineData(3, 6, 5, 3, 17)]
    [InlineData(2, 5, 4, 20, 3)]
    [InlineData(1, 33, 33, 16, 32)]
    [InlineData(31, 32, 32, 16, 16)]
    [InlineData(2, 9, 7, 48, 50)]
    [InlineData(5, 33, 33, 64, 33)]
    public void AgreesWithTheFormula(int samples, int height, int width, int channels, int outputs)
    {
        float[] input = Samples.Uniform(samples * height * width * channels, 1), gradient = Samples.Uniform(samples * height * width * outputs, 2);
        float[] actual = Run(input, gradient, samples, height, width, channels, outputs);
        double[] exact = new double[actual.Length];
        for (int n = 0; n < samples; n++)
            for (int p = 0; p < height; p++)
                for (int q = 0; q < width; q++)
                    for (int k = 0; k < 9; k++)
                    {
                        int y = p + k / 3 - 1, x = q + k % 3 - 1;
                        if (y < 0 || x < 0 || y >= height || x >= width)
                            continue;
                        for (int c = 0; c < channels; c++)
                            for (int o = 0; o < outputs; o++)
                                exact[(k * channels + c) * outputs + o] +=
                                    (double)input[((n * height + y) * width + x) * channels + c] * gradient[((n * height + p) * width + q) * outputs + o];
                    }
        // Products of random signs add up to the root of their squares' sum, and so do roundings: 64 of one product's, measured is a tenth of it.
        for (int i = 0; i < exact.Length; i++)
            Near.Equal(exact[i], actual[i], 64 * Near.Rounding * Math.Sqrt(samples * height * width));
    }

    [Fact]
    public async Task ProcessorsDoNotChangeABit()
    {
        float[] input = Samples.Uniform(40 * 32 * 32 * 16, 1), gradient = Samples.Uniform(40 * 32 * 32 * 16, 2);
        float[] many = Run(input, gradient, 40, 32, 32, 16, 16);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        Assert.Equal(many, await Task.Factory.StartNew(() => Run(input, gradient, 40, 32, 32, 16, 16), TestContext.Current.CancellationToken, TaskCreationOptions.None, one));
    }

    private static unsafe float[] Run(float[] input, float[] gradient, int samples, int height, int width, int channels, int outputs)
    {
        var filters = new float[9 * channels * outputs + 2];
        filters[0] = filters[^1] = 9;
        fixed (float* x = input, d = gradient, g = filters)
            WinogradFilterGradient.Cpu(x, d, g + 1, samples, height, width, channels, outputs);
        Assert.Equal((9f, 9f), (filters[0], filters[^1]));
        return filters[1..^1];
    }
}
