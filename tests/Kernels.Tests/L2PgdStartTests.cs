using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class L2PgdStartTests
{
    internal const ulong Seed = 0x123456789ABCDEF0;
    internal const int Purpose = 8, FirstRow = 5;

    internal static float[] Images(int samples, int elements) => [.. Samples.Uniform(samples * elements, 1).Select(Math.Abs)];

    internal static unsafe float[] Cpu(float[] images, int samples, int elements, float epsilon)
    {
        var delta = new float[images.Length];
        fixed (float* x = images, d = delta)
            L2PgdStart.Cpu(x, d, samples, elements, epsilon, Seed, Purpose, FirstRow);
        return delta;
    }

    internal static void ExpectFormula(float[] images, float[] delta, int samples, int elements, float epsilon)
    {
        for (int n = 0; n < samples; n++)
        {
            var start = new double[elements];
            for (int i = 0; i < elements; i++)
            {
                var (x, y, z, w) = Philox.Block((uint)i / 4, (uint)(FirstRow + n), 0, Purpose, unchecked((uint)Seed), (uint)(Seed >> 32));
                uint word = (i % 4) switch { 0 => x, 1 => y, 2 => z, _ => w };
                start[i] = Math.Floor(word / 256.0) / (1 << 24) - images[n * elements + i];
            }
            double factor = Math.Min(1, epsilon / Math.Max(1e-6, Math.Sqrt(start.Sum(s => s * s))));
            for (int i = 0; i < elements; i++)
            {
                double pixel = images[n * elements + i];
                Near.Equal(Math.Clamp(pixel + start[i] * factor, 0, 1) - pixel, delta[n * elements + i], 64 * Near.Rounding);
            }
        }
    }

    [Theory]
    [InlineData(0, 5), InlineData(3, 0), InlineData(1, 1), InlineData(3, 2), InlineData(2, 3), InlineData(3, 4), InlineData(2, 33), InlineData(2, 3073), InlineData(40, 3072)]
    public void DrawsProjectsAndClamps(int samples, int elements)
    {
        float[] images = Images(samples, elements);
        foreach (float epsilon in new[] { 0.5f, 100f })
            ExpectFormula(images, Cpu(images, samples, elements, epsilon), samples, elements, epsilon);
    }

    [Fact]
    public void NotANumberSpoilsItsImageOnly()
    {
        float[] images = Images(2, 50);
        images[3] = float.NaN;
        float[] delta = Cpu(images, 2, 50, 1);
        Assert.All(delta[..50], value => Assert.True(float.IsNaN(value)));
        Assert.All(delta[50..], value => Assert.True(float.IsFinite(value)));
    }
}
