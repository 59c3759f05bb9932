using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Inputs for a shape, and the result of the formula in float64 with its rounding-error bound.</summary>
internal sealed class ForgetVectorCase
{
    internal readonly ForgetVectorShape Shape;
    internal readonly float[] X, Delta, Weights;
    internal readonly float Low, High;

    internal ForgetVectorCase(int samples, int elements, int vectors, bool perSample, bool specials = false, float low = float.NegativeInfinity, float high = float.PositiveInfinity)
    {
        Func<int, uint, float[]> draw = specials ? Samples.WithSpecials : Samples.Uniform;
        Shape = new(samples, elements, vectors, perSample);
        X = draw(samples * elements, 1);
        Delta = draw(vectors * elements, 2);
        Weights = Samples.Uniform((int)Shape.Weights, 3);
        (Low, High) = (low, high);
    }

    public static TheoryData<int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, bool>();
            foreach (int elements in new[] { 0, 1, 7, 31, 32, 33, 255, 256, 257, 3073 })
                foreach (var (samples, vectors) in new[] { (0, 1), (1, 1), (3, 1), (1, 3), (5, 2), (2, 64) })
                    foreach (bool perSample in new[] { false, true })
                        shapes.Add(samples, elements, vectors, perSample);
            return shapes;
        }
    }

    internal (double Value, double Bound) Exact(int n, int i)
    {
        double sum = X[n * Shape.Elements + i], magnitude = Math.Abs(sum);
        for (int k = 0; k < Shape.Vectors; k++)
        {
            double term = (double)Weights[n * Shape.WeightStride + k] * Delta[k * Shape.Elements + i];
            sum += term;
            magnitude += Math.Abs(term);
        }
        double clamped = sum < Low ? Low : sum > High ? High : sum;
        // K products, K sums: the classical bound, with room for the smallest denormal.
        return (clamped, (Shape.Vectors + 1) * Near.Rounding * magnitude * 1.01 + Shape.Vectors * float.Epsilon);
    }

    internal float[] Cpu()
    {
        var y = new float[X.Length];
        ForgetVectorApplication.Cpu(X, Delta, Weights, y, Shape, Low, High);
        return y;
    }
}
