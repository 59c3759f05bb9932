using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class ForgetVectorProjectionKernelTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int elements in new[] { 0, 1, 31, 33, 256 })
                foreach (var (samples, vectors) in new[] { (0, 1), (1, 1), (3, 2), (2, 5) })
                    shapes.Add(samples, elements, vectors);
            shapes.Add(1, 64, 64);
            return shapes;
        }
    }

    private static float[] Kernel(float[] gradient, float[] delta, int samples, int elements, int vectors, int wide)
    {
        int offset = wide != 0 ? 4 : 1;
        using var g = new SimulatedArray<float>([.. new float[offset], .. gradient, 9]);
        using var d = new SimulatedArray<float>([.. new float[offset], .. delta, 9]);
        using var result = new SimulatedArray<float>(samples * vectors + 2);
        ArrayView<float> vg = g.View.SubView(offset, gradient.Length), vd = d.View.SubView(offset, delta.Length), vr = result.View.SubView(1, samples * vectors);
        KernelSimulator.Run(new(2, 64), () => ForgetVectorProjection.Kernel(vg, vd, vr, samples, elements, vectors, wide));
        Assert.True(float.IsNaN(result.Span[0]) && float.IsNaN(result.Span[^1]));
        return result.Span[1..^1].ToArray();
    }

    [Theory, MemberData(nameof(Shapes))]
    public void AgreesWithFloat64(int samples, int elements, int vectors)
    {
        float[] gradient = Samples.Uniform(samples * elements, 1), delta = Samples.Uniform(vectors * elements, 2);
        int roundings = (elements + 63) / 64 + 5 + 10;
        ForgetVectorProjectionTests.Agrees(gradient, delta, Kernel(gradient, delta, samples, elements, vectors, 0), samples, elements, vectors, roundings);
        if (elements % 4 == 0)
            ForgetVectorProjectionTests.Agrees(gradient, delta, Kernel(gradient, delta, samples, elements, vectors, 1), samples, elements, vectors, roundings);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(100, 3)]
    [InlineData(33, 64)]
    public void TotalsAreTheColumnsSums(int rows, int vectors)
    {
        float[] products = Samples.Uniform(rows * vectors, 3);
        using var p = new SimulatedArray<float>(products);
        using var result = new SimulatedArray<float>(vectors + 2);
        ArrayView<float> vr = result.View.SubView(1, vectors);
        KernelSimulator.Run(new(2, 64), () => ForgetVectorProjection.TotalKernel(p.View, vr, rows, vectors));
        Assert.True(float.IsNaN(result.Span[0]) && float.IsNaN(result.Span[^1]));
        for (int k = 0; k < vectors; k++)
            Near.Equal(Enumerable.Range(0, rows).Sum(n => (double)products[n * vectors + k]), result.Span[1 + k], rows * 10 * Near.Rounding);
    }

    [Fact]
    public void ReachesTheLastGradientBeyondTwoToThe31()
    {
        const int samples = 50_000, elements = 50_000;
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(elements, 5), delta = Samples.Uniform(2 * elements, 6);
        foreach (int wide in new[] { 0, 1 })
        {
            using var gradient = SimulatedArray<float>.Window(total, total - elements, last);
            using var vectors = new SimulatedArray<float>(delta);
            using var result = SimulatedArray<float>.Window(2 * samples, 2 * samples - 2, new float[2]);
            KernelSimulator.Run(new(samples, 64), () => ForgetVectorProjection.Kernel(gradient.View, vectors.View, result.View, samples, elements, 2, wide), [new Index3D(samples - 1, 0, 0)]);
            ForgetVectorProjectionTests.Agrees(last, delta, result.Span.ToArray(), 1, elements, 2, elements / 64 + 15);
        }
    }
}
