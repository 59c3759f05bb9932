using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed unsafe class ForgetVectorProjectionTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int elements in new[] { 0, 1, 7, 31, 32, 33, 256, 1024, 2051 })
                foreach (var (samples, vectors) in new[] { (0, 1), (1, 1), (3, 2), (2, 3), (5, 4), (2, 64) })
                    shapes.Add(samples, elements, vectors);
            return shapes;
        }
    }

    internal static void Agrees(float[] gradient, float[] delta, float[] result, int samples, int elements, int vectors, double roundings)
    {
        for (int n = 0; n < samples; n++)
            for (int k = 0; k < vectors; k++)
            {
                double[] terms = [.. Enumerable.Range(0, elements).Select(i => (double)gradient[n * elements + i] * delta[k * elements + i])];
                Near.Equal(terms.Sum(), result[n * vectors + k], roundings * Near.Rounding * 1.01 * terms.Sum(Math.Abs));
            }
    }

    internal static (float[] Products, float[] Total) Cpu(float[] gradient, float[] delta, int samples, int elements, int vectors)
    {
        float[] products = new float[samples * vectors], total = new float[vectors];
        fixed (float* g = gradient, d = delta, r = products, t = total)
        {
            ForgetVectorProjection.Cpu(g, d, r, samples, elements, vectors);
            ForgetVectorProjection.CpuTotal(g, d, t, samples, elements, vectors);
        }
        return (products, total);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithFloat64(int samples, int elements, int vectors)
    {
        float[] gradient = Samples.Uniform(samples * elements, 1), delta = Samples.Uniform(vectors * elements, 2);
        var (products, total) = Cpu(gradient, delta, samples, elements, vectors);
        // 64 fused steps of a lane of float32, two accumulators and the lanes, and the result.
        Agrees(gradient, delta, products, samples, elements, vectors, 64 + 1 + 8 + 1);
        float[] sum = new float[elements];
        for (int k = 0; k < vectors; k++)
        {
            double exact = 0, magnitude = 0;
            for (int i = 0; i < samples * elements; i++)
            {
                double term = (double)gradient[i] * delta[k * elements + i % elements];
                exact += term;
                magnitude += Math.Abs(term);
            }
            Near.Equal(exact, total[k], 74 * Near.Rounding * 1.01 * magnitude);
        }
    }

    [Fact]
    public void NotANumberAndInfinityStayWithTheirGradient()
    {
        float[] gradient = new float[3 * 100], delta = Enumerable.Repeat(1f, 200).ToArray();
        gradient[3] = float.NaN;
        gradient[150] = float.PositiveInfinity;
        Assert.Equal([float.NaN, float.NaN, float.PositiveInfinity, float.PositiveInfinity, 0, 0], Cpu(gradient, delta, 3, 100, 2).Products);
    }
}
