using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>A step's inputs, and its result by the formula in float64 with its rounding-error bound.</summary>
internal sealed class L2PgdCase
{
    internal const float StepSize = 0.4f, Epsilon = 1.1f;

    internal readonly float[] Images, Gradient, Delta;
    internal readonly int Samples, Elements;

    internal L2PgdCase(int samples, int elements, uint seed = 1, float gradientScale = 0.01f)
    {
        (Samples, Elements) = (samples, elements);
        Images = [.. Kernels.Tests.Samples.Uniform(samples * elements, seed).Select(Math.Abs)];
        Gradient = [.. Kernels.Tests.Samples.Uniform(samples * elements, seed + 1).Select(g => g * gradientScale)];
        // Every other sample starts inside the ball, the others outside.
        Delta = [.. Kernels.Tests.Samples.Uniform(samples * elements, seed + 2).Select((d, i) => d * (i / Math.Max(1, elements) % 2 == 0 ? 0.01f : 0.5f))];
    }

    internal static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (int elements in new[] { 0, 1, 7, 31, 32, 33, 255, 256, 257, 3073, 4100 })
                foreach (int samples in new[] { 0, 1, 4 })
                    shapes.Add(samples, elements);
            return shapes;
        }
    }

    internal float[] Cpu()
    {
        float[] delta = [.. Delta];
        L2PgdStep.Cpu(Images, Gradient, delta, Elements, StepSize, Epsilon);
        return delta;
    }

    /// <param name="actual">The step's result.</param>
    /// <param name="normRoundings">Relative error of a norm in units of <see cref="Near.Rounding"/>, before it is rounded itself.</param>
    internal void ExpectFormula(float[] actual, double normRoundings)
    {
        const double u = Near.Rounding;
        for (int row = 0; row < Samples * Elements; row += Elements)
        {
            double scale = StepSize / Math.Max(Norm(Gradient.Skip(row).Take(Elements).Select(g => (double)g)), 1e-6);
            double[] moved = new double[Elements], error = new double[Elements];
            for (int i = 0; i < Elements; i++)
            {
                double step = scale * Gradient[row + i], x = Images[row + i], d = Delta[row + i];
                moved[i] = Math.Clamp(x + (d - step), 0, 1) - x;
                error[i] = u * ((normRoundings + 5) * Math.Abs(step) + 2 * Math.Abs(d - step) + 2 * x + 1);
            }
            double norm = Math.Max(Norm(moved), 1e-6), factor = Math.Min(1, Epsilon / norm);
            double factorError = (Norm(error) / norm + (normRoundings + 4) * u) * factor;
            for (int i = 0; i < Elements; i++)
                Near.Equal(moved[i] * factor, actual[row + i], error[i] + Math.Abs(moved[i]) * factorError);
        }
    }

    /// <summary>Rows: plain; NaN in g; infinity in g; NaN in d; NaN in x; g zero; g of norm below 1e-6 that moves nothing far; huge g.</summary>
    internal static L2PgdCase WithSpecials()
    {
        var c = new L2PgdCase(8, 40);
        c.Gradient[1 * 40 + 3] = float.NaN;
        c.Gradient[2 * 40 + 3] = float.NegativeInfinity;
        c.Delta[3 * 40 + 39] = float.NaN;
        c.Images[4 * 40] = float.NaN;
        Array.Clear(c.Gradient, 5 * 40, 40);
        for (int i = 0; i < 40; i++)
        {
            c.Gradient[6 * 40 + i] = i == 0 ? 1e-8f : float.Epsilon;
            c.Gradient[7 * 40 + i] = i == 0 ? 1e15f : 1e10f;
        }
        return c;
    }

    internal static void ExpectSpecials(float[] result)
    {
        L2PgdCase plain = WithSpecials();
        for (int n = 1; n <= 4; n++)
        {
            Assert.All(result[(n * 40)..(n * 40 + 40)], value => Assert.True(float.IsNaN(value)));
            Array.Clear(plain.Images, n * 40, 40);
            Array.Clear(plain.Gradient, n * 40, 40);
            Array.Clear(plain.Delta, n * 40, 40);
            Array.Clear(result, n * 40, 40);
        }
        plain.ExpectFormula(result, 50);
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
