using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Gradients and their exact sensitivities.</summary>
internal static class SensitivityCase
{
    internal static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (int elements in new[] { 0, 1, 31, 32, 33, 63, 64, 65, 255, 256, 257, 3072 })
                foreach (int samples in new[] { 0, 1, 5 })
                    shapes.Add(samples, elements);
            return shapes;
        }
    }

    /// <summary>The nearest bfloat16 of each number, and what they are as float32.</summary>
    internal static (ushort[] Bits, float[] Values) Halves(float[] gradient)
    {
        ushort[] bits = [.. gradient.Select(BFloat16.FromSingle)];
        return (bits, [.. bits.Select(BFloat16.ToSingle)]);
    }

    internal static double[] Exact(float[] gradient, int samples, int elements) =>
        [.. Enumerable.Range(0, samples).Select(n => gradient.Skip(n * elements).Take(elements).Sum(g => (double)g * g))];

    /// <summary>Four samples of 100: plain; with NaN; with infinity; with a square beyond float32.</summary>
    internal static float[] WithSpecials()
    {
        float[] gradient = Samples.Uniform(4 * 100, 3);
        gradient[105] = float.NaN;
        gradient[233] = float.NegativeInfinity;
        gradient[234] = float.Epsilon;
        gradient[350] = 1e30f;
        return gradient;
    }

    internal static void ExpectSpecials(float[] result)
    {
        Assert.True(float.IsFinite(result[0]));
        Assert.Equal([float.NaN, float.PositiveInfinity, float.PositiveInfinity], result[1..]);
    }
}
